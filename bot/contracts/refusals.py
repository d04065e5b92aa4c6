"""Why a use case refuses. Each refusal knows what a person needs to hear; the catalogues hold the sentences."""

from __future__ import annotations

from datetime import date

from bot.contracts.state import ContractState
from bot.procedure.model import Step


class Refused(Exception):
    """Nothing was changed. `key` names the sentence in the catalogues."""

    key = "refused"


class NoContract(Refused):
    """There is no such contract, or it is none of this person's business: nobody learns which."""

    key = "no_contract"


class AlreadyStarted(Refused):
    key = "already_started"

    def __init__(self, state: ContractState) -> None:
        super().__init__(state.id)
        self.state = state


class NotOpen(Refused):
    """The contract is closed, or live already."""

    key = "not_open"


class NotLiveYet(Refused):
    """Its steps are not all done, so no live payment can have been taken."""

    key = "not_live_yet"


class IsPaused(Refused):
    key = "is_paused"


class AlreadyDone(Refused):
    """Somebody was faster, or it was done long ago."""

    key = "already_done"

    def __init__(self, step: Step, *, by: str | None, on: date | None) -> None:
        super().__init__(step.id)
        self.step, self.by, self.on = step, by, on


class NotYetPossible(Refused):
    """Steps before this one are still open; `missing` lists them in order."""

    key = "not_yet_possible"

    def __init__(self, step: Step, missing: tuple[Step, ...]) -> None:
        super().__init__(step.id)
        self.step, self.missing = step, missing


class DayInTheFuture(Refused):
    key = "day_in_the_future"

    def __init__(self, day: date, today: date) -> None:
        super().__init__(day.isoformat())
        self.day, self.today = day, today


class DayTooEarly(Refused):
    """The day lies before the end of the step that comes before."""

    key = "day_too_early"

    def __init__(self, day: date, step: Step, earliest: date) -> None:
        super().__init__(day.isoformat())
        self.day, self.step, self.earliest = day, step, earliest


class DayTooLongAgo(Refused):
    key = "day_too_long_ago"

    def __init__(self, day: date, earliest: date) -> None:
        super().__init__(day.isoformat())
        self.day, self.earliest = day, earliest


class NotDone(Refused):
    """The step is not done, so there is nothing to reopen."""

    key = "not_done"

    def __init__(self, step: Step) -> None:
        super().__init__(step.id)
        self.step = step


class NothingToTakeBack(Refused):
    key = "nothing_to_take_back"


class ChangedSince(Refused):
    """What was to be taken back is no longer the last change."""

    key = "changed_since"


class UnknownCard(Refused):
    key = "unknown_card"


class UnknownProcedure(Refused):
    """There is none of that name, or not any more."""

    key = "unknown_procedure"


class NothingToChange(Refused):
    """It stands like that already."""

    key = "nothing_to_change"
