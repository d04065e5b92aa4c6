"""The procedures of a folder, read once at start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.datafile import BadDataFile, read_data_file
from bot.parsed import ParsedFiles
from bot.procedure.model import Procedure

OWN_PROCEDURES = Path(__file__).parent

Procedures = Mapping[str, Procedure]


def load_procedures(folder: Path = OWN_PROCEDURES, parsed: ParsedFiles | None = None) -> Procedures:
    """Every `*.yml` of the folder by its id, in the order of the file names. Raises BadDataFile."""
    if not folder.is_dir():
        raise BadDataFile(f"{folder}: no such folder of procedures")
    found: dict[str, Procedure] = {}
    for path in sorted(folder.glob("*.yml")):
        procedure = read_data_file(path, Procedure, parsed)
        if procedure.id in found:
            raise BadDataFile(f"{path.name}: id: {procedure.id!r} is already taken by another file")
        _check_zone(path, procedure.zone)
        found[procedure.id] = procedure
    if not found:
        raise BadDataFile(f"{folder}: holds no procedure (*.yml)")
    return found


def _check_zone(path: Path, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise BadDataFile(f"{path.name}: zone: {zone!r} is no time zone") from unknown
