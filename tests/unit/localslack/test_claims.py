"""Every claim about Slack is pinned by a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

import bot.localslack

CLAIMS = Path(bot.localslack.__file__).parent / "CLAIMS.md"


def test_each_claim_names_a_test_of_this_folder() -> None:
    claimed = re.findall(r"\| (test_\w+) \|$", CLAIMS.read_text(encoding="utf-8"), re.MULTILINE)
    written = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    defined = set(re.findall(r"^(?:async )?def (test_\w+)", written, re.MULTILINE))

    assert len(claimed) > 50
    assert set(claimed) <= defined
