"""The picture of a contract's way: a bar for each step, coloured by whose turn it was, and the card companies below.

It is as narrow as a phone, where it is seen smallest: names stand above and in the bars, not in a column of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.timeline import CardRow, Span, StepRow, Timeline, timeline
from bot.pictures.canvas import Sheet
from bot.procedure.model import Turn
from bot.texts.catalogue import Speaker
from storage.states import CardStatus

_WIDTH, _MARGIN = 480.0, 16.0
_LARGE, _MIDDLE, _SMALL = 20.0, 17.0, 15.0
"""sizes of letters; where the whole picture is 320 pixels wide, they are two thirds of that"""
_TITLE, _AXIS, _LEGEND_LINE = 72.0, 32.0, 26.0
_STEP, _STEP_BAR, _CARD, _CARD_BAR = 50.0, 16.0, 27.0, 19.0
_DOT = 9.0
_WIDEST_NAME = 170.0
_WIDEST_DAY = 64.0
_INK, _SOFT, _PAPER, _OFF, _GRID, _BAND = "#1d1c1d", "#616061", "#ffffff", "#eeeef0", "#dddde0", "#f7f7f8"
_TODAY = "#c0392b"
_TURNS = {
    Turn.MERCHANT: "#2f6fde",
    Turn.DEVELOPER: "#12938a",
    Turn.PORTONE: "#64748b",
    Turn.PG: "#e08a1e",
    Turn.CARD_COMPANIES: "#7d5bd6",
}
_DECIDED = {CardStatus.APPROVED: "#1a8a4a", CardStatus.REJECTED: "#d0342c"}
_TICKS = 7
"""dates along the top, at most"""
_WEEK = 7
_TODAY_ROOM = 76.0


class Picture(Struct, frozen=True):
    png: bytes
    alt: str
    """the same in words, for people who do not see it"""


def timeline_picture(outlook: Outlook, say: Speaker) -> Picture:
    seen = timeline(outlook)
    return Picture(_Drawing(outlook, seen, say).drawn(), alt_text(outlook, seen, say))


def alt_text(outlook: Outlook, seen: Timeline, say: Speaker) -> str:
    """One line a step: 'PG 계약 안내: 11월 23일 (월) ~ 11월 25일 (수), 2영업일'."""
    lines = [_title(outlook, say), _subtitle(seen, say)]
    lines += [_step_in_words(row, say) for row in seen.steps if row.spans]
    for card in seen.cards:
        name, status = card.card.name.in_language(say.language), say(f"card_status.{card.status}")
        lines.append(say("picture.card", card=name, status=status, day=say.day(card.span.last)))
    return "\n".join(lines)


def _step_in_words(row: StepRow, say: Speaker) -> str:
    return say(
        "picture.step",
        step=row.step.title.in_language(say.language),
        first=say.day(row.spans[0].first),
        last=say.day(row.spans[-1].last),
        days=row.business_days,
    )


def _title(outlook: Outlook, say: Speaker) -> str:
    state = outlook.state
    return say("status.title", merchant=state.merchant, pg=state.procedure.pg.name.in_language(say.language))


def _subtitle(seen: Timeline, say: Speaker) -> str:
    if seen.business_days == 0:
        return say("picture.first_day", first=say.day(seen.first))
    key = "picture.whole" if seen.is_over else "picture.so_far"
    return say(key, first=say.day(seen.first), last=say.day(seen.last), days=seen.business_days)


def _legend_width(sheet: Sheet, text: str) -> float:
    return 20 + sheet.length(text, _SMALL) + 16


class _Drawing:
    def __init__(self, outlook: Outlook, seen: Timeline, say: Speaker) -> None:
        self._outlook, self._seen, self._say = outlook, seen, say
        self._left = _MARGIN
        self._day = min((_WIDTH - 2 * _MARGIN) / seen.days, _WIDEST_DAY)
        self._top = _TITLE + _AXIS
        self._cards_top = self._top + len(seen.steps) * _STEP + _CARD / 2
        self._bottom = self._cards_top + len(seen.cards) * _CARD
        self._legend_lines = self._broken(list(self._legend()))
        height = self._bottom + len(self._legend_lines) * _LEGEND_LINE + 2 * _MARGIN
        self._sheet = Sheet(_WIDTH, height, _PAPER)

    def drawn(self) -> bytes:
        self._draw_title()
        self._draw_days()
        for number, row in enumerate(self._seen.steps):
            self._draw_step(self._top + number * _STEP, row)
        for number, card in enumerate(self._seen.cards):
            self._draw_card(self._cards_top + number * _CARD, card)
        self._draw_legend()
        return self._sheet.png()

    def _draw_title(self) -> None:
        sheet, wide = self._sheet, _WIDTH - 2 * _MARGIN
        title, below = _title(self._outlook, self._say), _subtitle(self._seen, self._say)
        sheet.text((_MARGIN, 26), sheet.fitted(title, _LARGE, wide), _LARGE, _INK, bold=True)
        sheet.text((_MARGIN, 54), sheet.fitted(below, _MIDDLE, wide), _MIDDLE, _SOFT)

    def _draw_days(self) -> None:
        sheet, top = self._sheet, self._top
        for number in range(0, len(self._seen.steps), 2):
            y = top + number * _STEP
            sheet.box((0, y, _WIDTH, y + _STEP), _BAND)
        for day in self._seen.days_off:
            sheet.box((self._x(day), top, self._x(day) + self._day, self._bottom), _OFF)
        for day in self._ticks():
            x = self._x(day)
            sheet.line((x, top - 6), (x, self._bottom), _GRID)
            sheet.text((x + 2, top - 17), f"{day.month}/{day.day}", _SMALL, _SOFT)
        if not self._seen.is_over:
            sheet.line((self._right, top - 6), (self._right, self._bottom), _TODAY, width=1.5)
            sheet.text((self._right, top - 17), self._say("day.today"), _SMALL, _TODAY, anchor="rm")

    def _draw_step(self, top: float, row: StepRow) -> None:
        """Its name and how long it took, above the bar."""
        sheet, right = self._sheet, _WIDTH - _MARGIN
        if row.spans:
            days = row.business_days
            text = self._say("duration.business_days.one", most=days) if days else self._say("picture.same_day")
            sheet.text((right, top + 16), text, _SMALL, _SOFT, anchor="rm")
            right -= sheet.length(text, _SMALL) + 10
        name = sheet.fitted(row.step.title.in_language(self._say.language), _MIDDLE, right - _MARGIN)
        sheet.text((_MARGIN, top + 16), name, _MIDDLE, _INK if row.spans else _SOFT)
        for span in row.spans:
            self._draw_bar(span, top + 29, _STEP_BAR)

    def _draw_card(self, top: float, row: CardRow) -> None:
        """Its name in the bar where it fits, else on the side that has room."""
        sheet, middle, colour = self._sheet, top + _CARD / 2, _DECIDED.get(row.status)
        left, right = self._x(row.span.first), self._x(row.span.last) + self._day
        self._draw_bar(row.span, middle - _CARD_BAR / 2, _CARD_BAR)
        if colour is not None:
            self._draw_decision((max(right - _CARD_BAR / 2, left + _CARD_BAR / 2), middle), row.status, colour)
        name = sheet.fitted(row.card.name.in_language(self._say.language), _SMALL, _WIDEST_NAME)
        length = sheet.length(name, _SMALL)
        if right - left >= length + 12 + (_CARD_BAR if colour else 0):
            sheet.text((left + 6, middle), name, _SMALL, _PAPER)
        elif left - length - 8 >= _MARGIN:
            sheet.text((left - 8, middle), name, _SMALL, _INK, anchor="rm")
        else:
            sheet.text((max(right, left + _CARD_BAR) + 8, middle), name, _SMALL, _INK)

    def _draw_decision(self, centre: tuple[float, float], status: CardStatus, colour: str) -> None:
        """A tick or a cross, so that nobody has to tell green from red."""
        sheet, (x, y) = self._sheet, centre
        sheet.dot(centre, _DOT + 2, _PAPER)
        sheet.dot(centre, _DOT, colour)
        if status is CardStatus.APPROVED:
            sheet.line((x - 4, y), (x - 1, y + 3), _PAPER, width=1.5)
            sheet.line((x - 1, y + 3), (x + 4, y - 3), _PAPER, width=1.5)
        else:
            sheet.line((x - 3, y - 3), (x + 3, y + 3), _PAPER, width=1.5)
            sheet.line((x - 3, y + 3), (x + 3, y - 3), _PAPER, width=1.5)

    def _draw_bar(self, span: Span, top: float, height: float) -> None:
        left, right = self._x(span.first) + 0.5, self._x(span.last) + self._day - 0.5
        self._sheet.box((left, top, max(right, left + 3), top + height), _TURNS[span.turn], radius=min(4, height / 2))

    def _draw_legend(self) -> None:
        sheet, y = self._sheet, self._bottom + _MARGIN + _LEGEND_LINE / 2
        for line in self._legend_lines:
            x = _MARGIN
            for colour, text in line:
                sheet.box((x, y - 7, x + 14, y + 7), colour, radius=3)
                sheet.text((x + 20, y), text, _SMALL, _SOFT)
                x += _legend_width(sheet, text)
            y += _LEGEND_LINE

    def _broken(self, entries: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
        """The legend, in lines."""
        measure, x = Sheet(1, 1, _PAPER), _MARGIN
        lines: list[list[tuple[str, str]]] = [[]]
        for colour, text in entries:
            width = _legend_width(measure, text)
            if lines[-1] and x + width > _WIDTH - _MARGIN:
                lines, x = [*lines, []], _MARGIN
            lines[-1].append((colour, text))
            x += width
        return lines

    def _legend(self) -> Iterator[tuple[str, str]]:
        turns = {span.turn for row in self._seen.steps for span in row.spans}
        for turn, colour in _TURNS.items():
            if turn in turns:
                yield colour, wording.turn_name(turn, self._outlook.state.procedure, self._say)
        yield _OFF, self._say("picture.days_off")

    def _ticks(self) -> Iterator[date]:
        """Mondays, as many of them as leave room to read, also beside today; a short way has every day."""
        room = self._right - _TODAY_ROOM if not self._seen.is_over else self._right
        yield from (day for day in self._some_days() if self._x(day) < room)

    def _some_days(self) -> Iterator[date]:
        seen = self._seen
        if seen.days <= _TICKS:
            yield from (seen.first + timedelta(days=number) for number in range(seen.days))
            return
        weeks = -(-seen.days // (_WEEK * _TICKS))
        monday = seen.first + timedelta(days=-seen.first.weekday() % _WEEK)
        while monday <= seen.last:
            yield monday
            monday += timedelta(weeks=weeks)

    @property
    def _right(self) -> float:
        return self._left + self._day * self._seen.days

    def _x(self, day: date) -> float:
        return self._left + (day - self._seen.first).days * self._day
