"""The picture of a contract's way: drawn whatever is stored, and said in words as well."""

from __future__ import annotations

import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.contracts.outlook import Outlook
from bot.pictures.canvas import Sheet
from bot.pictures.timeline import timeline_picture
from bot.texts.catalogue import Catalogues, Speaker
from tests.unit.handlers.states import hostile, outlooks

TEXTS = Catalogues.load()
speakers = st.sampled_from([TEXTS.speaker("ko"), TEXTS.speaker("en")])


@given(outlooks(), speakers)
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
def test_any_contract_can_be_drawn(outlook: Outlook, say: Speaker) -> None:
    picture = timeline_picture(outlook, say)

    drawn = Image.open(io.BytesIO(picture.png))
    assert drawn.format == "PNG"
    assert drawn.width == 960, "narrow, so that letters stay legible on a phone"
    assert drawn.height < 2000
    assert len(picture.png) < 1_000_000


def test_hangul_is_drawn_as_itself() -> None:
    """A font without Hangul draws the same empty box for every syllable."""
    assert _drawn("가") != _drawn("힣")


@given(hostile | st.text(max_size=200), st.floats(min_value=20, max_value=800))
def test_a_text_keeps_to_its_place_in_one_line(text: str, width: float) -> None:
    sheet = Sheet(10, 10, "#ffffff")

    fitted = sheet.fitted(text, 14, width)

    assert "\n" not in fitted
    assert not any(mark in fitted for mark in "\u202e\u202d\u200d")
    assert fitted == "…" or sheet.length(fitted, 14) <= width


def _drawn(text: str) -> bytes:
    sheet = Sheet(40, 40, "#ffffff")
    sheet.text((20, 20), text, 24, "#000000", anchor="mm")
    return sheet.png()
