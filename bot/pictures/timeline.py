"""The picture of a contract's way: a bar for each step, coloured by whose turn it was, and the card companies below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.timeline import CardRow, Span, StepRow, Timeline, timeline
from bot.pictures.canvas import Sheet
from bot.procedure.model import Turn
from bot.texts.catalogue import Speaker
from storage.states import CardStatus

_WIDTH, _MARGIN, _WIDEST_LABEL = 900.0, 24.0, 260.0
_TITLE, _AXIS, _LEGEND = 64.0, 34.0, 44.0
_STEP, _STEP_BAR, _CARD, _CARD_BAR = 34.0, 18.0, 24.0, 8.0
_WIDEST_DAY = 44.0
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
_TICKS = 9
"""dates along the top, at most"""
_WEEK = 7
_TODAY_ROOM = 76.0


@dataclass(frozen=True)
class Picture:
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


def _label_width(seen: Timeline, say: Speaker) -> float:
    """Room for the longest name of a step."""
    measure = Sheet(1, 1, _PAPER)
    longest = max(measure.length(row.step.title.in_language(say.language), 14) for row in seen.steps)
    return min(longest + 20, _WIDEST_LABEL)


def _subtitle(seen: Timeline, say: Speaker) -> str:
    if seen.business_days == 0:
        return say("picture.first_day", first=say.day(seen.first))
    key = "picture.whole" if seen.is_over else "picture.so_far"
    return say(key, first=say.day(seen.first), last=say.day(seen.last), days=seen.business_days)


class _Drawing:
    def __init__(self, outlook: Outlook, seen: Timeline, say: Speaker) -> None:
        self._outlook, self._seen, self._say = outlook, seen, say
        self._labels = _label_width(seen, say)
        self._left = _MARGIN + self._labels
        self._day = min((_WIDTH - _MARGIN - self._left) / seen.days, _WIDEST_DAY)
        self._top = _TITLE + _AXIS
        self._bottom = self._top + len(seen.steps) * _STEP + self._cards_height
        self._sheet = Sheet(_WIDTH, self._bottom + _LEGEND + _MARGIN / 2, _PAPER)

    def drawn(self) -> bytes:
        self._draw_title()
        self._draw_days()
        for number, row in enumerate(self._seen.steps):
            self._draw_step(self._top + number * _STEP, row)
        top = self._top + len(self._seen.steps) * _STEP + _CARD / 2
        for number, card in enumerate(self._seen.cards):
            self._draw_card(top + number * _CARD, card)
        self._draw_legend()
        return self._sheet.png()

    @property
    def _cards_height(self) -> float:
        return len(self._seen.cards) * _CARD + _CARD if self._seen.cards else 8.0

    def _draw_title(self) -> None:
        sheet, wide = self._sheet, _WIDTH - 2 * _MARGIN
        sheet.text((_MARGIN, 24), sheet.fitted(_title(self._outlook, self._say), 18, wide), 18, _INK, bold=True)
        sheet.text((_MARGIN, 48), sheet.fitted(_subtitle(self._seen, self._say), 13, wide), 13, _SOFT)

    def _draw_days(self) -> None:
        sheet, top = self._sheet, self._top
        for number in range(0, len(self._seen.steps), 2):
            y = top + number * _STEP
            sheet.box((_MARGIN, y, _WIDTH - _MARGIN, y + _STEP), _BAND)
        for day in self._seen.days_off:
            sheet.box((self._x(day), top, self._x(day) + self._day, self._bottom), _OFF)
        for day in self._ticks():
            x = self._x(day)
            sheet.line((x, top - 6), (x, self._bottom), _GRID)
            sheet.text((x + 2, top - 16), f"{day.month}/{day.day}", 12, _SOFT)
        if not self._seen.is_over:
            sheet.line((self._right, top - 6), (self._right, self._bottom), _TODAY, width=1.5)
            sheet.text((self._right, top - 16), self._say("day.today"), 12, _TODAY, anchor="rm")

    def _draw_step(self, top: float, row: StepRow) -> None:
        sheet, middle = self._sheet, top + _STEP / 2
        label = sheet.fitted(row.step.title.in_language(self._say.language), 14, self._labels - 12)
        sheet.text((_MARGIN + 4, middle), label, 14, _INK if row.spans else _SOFT)
        for span in row.spans:
            self._draw_bar(span, middle - _STEP_BAR / 2, _STEP_BAR)
        if row.spans:
            self._draw_length(row, middle)

    def _draw_length(self, row: StepRow, middle: float) -> None:
        """Inside the bar where it fits, else on the side that has room."""
        sheet = self._sheet
        days = row.business_days
        text = self._say("duration.business_days.one", most=days) if days else self._say("picture.same_day")
        left, right = self._x(row.spans[0].first), self._x(row.spans[-1].last) + self._day
        length = sheet.length(text, 12)
        widest = max(row.spans, key=lambda span: span.last - span.first)
        if (widest.last - widest.first).days * self._day + self._day >= length + 10:
            x = (self._x(widest.first) + self._x(widest.last) + self._day) / 2
            sheet.text((x, middle), text, 12, _PAPER, anchor="mm")
        elif right + length + 6 <= self._right or left - length - 6 < self._left:
            sheet.text((right + 5, middle), text, 12, _SOFT)
        else:
            sheet.text((left - 5, middle), text, 12, _SOFT, anchor="rm")

    def _draw_card(self, top: float, row: CardRow) -> None:
        sheet, middle = self._sheet, top + _CARD / 2
        name = sheet.fitted(row.card.name.in_language(self._say.language), 12, self._labels - 24)
        sheet.text((_MARGIN + 16, middle), name, 12, _SOFT)
        colour = _DECIDED.get(row.status)
        self._draw_bar(row.span, middle - _CARD_BAR / 2, _CARD_BAR, short=self._day / 2 if colour else 0)
        if colour is not None:
            self._draw_decision((self._x(row.span.last) + self._day / 2, middle), row.status, colour)

    def _draw_decision(self, centre: tuple[float, float], status: CardStatus, colour: str) -> None:
        """A tick or a cross, so that nobody has to tell green from red."""
        sheet, (x, y) = self._sheet, centre
        sheet.dot(centre, 8, colour)
        if status is CardStatus.APPROVED:
            sheet.line((x - 4, y), (x - 1, y + 3), _PAPER, width=1.5)
            sheet.line((x - 1, y + 3), (x + 4, y - 3), _PAPER, width=1.5)
        else:
            sheet.line((x - 3, y - 3), (x + 3, y + 3), _PAPER, width=1.5)
            sheet.line((x - 3, y + 3), (x + 3, y - 3), _PAPER, width=1.5)

    def _draw_bar(self, span: Span, top: float, height: float, *, short: float = 0) -> None:
        """`short` of its end by so many points."""
        left, right = self._x(span.first) + 0.5, self._x(span.last) + self._day - 0.5 - short
        self._sheet.box((left, top, max(right, left + 2), top + height), _TURNS[span.turn], radius=min(4, height / 2))

    def _draw_legend(self) -> None:
        sheet, x, y = self._sheet, _MARGIN + 4, self._bottom + _LEGEND / 2 + 4
        for colour, text in self._legend():
            sheet.box((x, y - 6, x + 12, y + 6), colour, radius=3)
            sheet.text((x + 18, y), text, 12, _SOFT)
            x += 18 + sheet.length(text, 12) + 20

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
