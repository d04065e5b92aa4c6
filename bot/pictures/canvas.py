"""What pictures are drawn with: a sheet in points that is sharp on every screen, and a font that has Hangul."""

from __future__ import annotations

import io
import unicodedata

import pylopdf_fonts_ko
from PIL import Image, ImageDraw, ImageFont

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""left, top, right, bottom"""

_SHARPNESS = 2
"""pixels for each point"""


class Sheet:
    """All measures are in points; the picture has twice as many pixels."""

    def __init__(self, width: float, height: float, colour: str) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (round(width * _SHARPNESS), round(height * _SHARPNESS)), colour)
        self._draw = ImageDraw.Draw(self._image)
        self._fonts: dict[float, ImageFont.FreeTypeFont] = {}

    def box(self, box: Box, colour: str, *, radius: float = 0) -> None:
        left, top, right, bottom = (value * _SHARPNESS for value in box)
        self._draw.rounded_rectangle(
            (left, top, max(right - 1, left), max(bottom - 1, top)), radius * _SHARPNESS, colour
        )

    def line(self, start: Point, end: Point, colour: str, *, width: float = 1) -> None:
        points = [(x * _SHARPNESS, y * _SHARPNESS) for x, y in (start, end)]
        self._draw.line(points, colour, round(width * _SHARPNESS))

    def dot(self, centre: Point, radius: float, colour: str) -> None:
        x, y = centre
        self._draw.ellipse([value * _SHARPNESS for value in (x - radius, y - radius, x + radius, y + radius)], colour)

    def text(self, at: Point, text: str, size: float, colour: str, *, anchor: str = "lm", bold: bool = False) -> None:
        """`anchor` as Pillow names it: 'lm' puts the left middle of the text at the point."""
        x, y = at
        stroke = {"stroke_width": round(size / 28 * _SHARPNESS), "stroke_fill": colour} if bold else {}
        self._draw.text((x * _SHARPNESS, y * _SHARPNESS), text, colour, self._font(size), anchor, **stroke)  # type: ignore[arg-type]

    def length(self, text: str, size: float) -> float:
        return self._font(size).getlength(text) / _SHARPNESS

    def fitted(self, text: str, size: float, width: float) -> str:
        """A text of one line, no wider than `width`; what a font has no picture for is left out."""
        kept = "".join(" " if one.isspace() else one for one in text if one.isspace() or _can_be_drawn(one))
        kept = " ".join(unicodedata.normalize("NFC", kept).split())
        if self.length(kept, size) <= width:
            return kept
        while kept and self.length(kept + "…", size) > width:
            kept = kept[:-1]
        return kept.rstrip() + "…"

    def png(self) -> bytes:
        file = io.BytesIO()
        self._image.save(file, "PNG", optimize=True)
        return file.getvalue()

    def _font(self, size: float) -> ImageFont.FreeTypeFont:
        if size not in self._fonts:
            path = str(pylopdf_fonts_ko.sans_path())
            self._fonts[size] = ImageFont.truetype(path, round(size * _SHARPNESS), layout_engine=ImageFont.Layout.BASIC)
        return self._fonts[size]


def _can_be_drawn(character: str) -> bool:
    """Neither a control, which could turn the writing around, nor a symbol of the kind that emoji are."""
    category = unicodedata.category(character)
    return category[0] != "C" and category not in {"So", "Sk", "Mn", "Me"}
