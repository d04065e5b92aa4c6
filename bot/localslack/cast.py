"""Who and what is there on a first morning."""

from __future__ import annotations

from bot.localslack.model import Kind, Member

WORKSPACE_NAME = "모모상점"
WORKSPACE_DOMAIN = "momo-store"
WORKSPACE_ZONE = "Asia/Seoul"

PEOPLE = (
    Member("", "minji.kim", "김민지", display_name="김민지", title="사업 담당"),
    Member("", "junho.park", "박준호", display_name="박준호", title="개발자"),
    Member("", "sora.lee", "이소라", display_name="이소라", title="온보딩 매니저"),
    Member("", "emma.clark", "Emma Clark", title="Founder", tz="America/New_York", locale="en-US"),
)

_EVERYONE = tuple(person.name for person in PEOPLE)

# name, kind, people by their name, whether the app is in it
CHANNELS: tuple[tuple[str, Kind, tuple[str, ...], bool], ...] = (
    ("pg-계약", "channel", _EVERYONE, True),
    ("일반", "channel", _EVERYONE, False),
    ("개발", "group", ("junho.park", "emma.clark"), False),
)
