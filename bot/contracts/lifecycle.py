"""A contract's life as a whole: started in a channel, handed to an owner, paused, resumed, closed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, EmailStr, Field, StringConstraints
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.contracts.desk import Actor, Change, ChangeKind, check_day, file_of, open_file
from bot.contracts.reading import state_of
from bot.contracts.refusals import AlreadyStarted, NoContract, NothingToChange, NotLiveYet, UnknownProcedure
from bot.office import Office
from bot.procedure.model import Procedure
from bot.workspaces.people import NotInChannel
from bot.workspaces.settings import settings_of
from storage import contracts as store
from storage.states import OPEN
from storage.tables import CardReview, Contract, ContractStatus
from storage.workspace_settings import hold_settings
from storage.workspaces import remember_workspace

CARD_PAYMENT = "card"
"""The payment method that card companies review."""

_ANY_OPEN = frozenset(OPEN)


class NewContract(BaseModel):
    """What people fill in to start a contract. Raises pydantic's ValidationError, whose places are these names."""

    model_config = ConfigDict(frozen=True, defer_build=True)  # what checks mail addresses takes long to load

    procedure_id: str
    merchant: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    contact_email: EmailStr | None = None
    payment_methods: Annotated[tuple[str, ...], Field(min_length=1)]
    site_url: AnyHttpUrl | None = None
    owner_id: str
    language: str = "ko"
    started_on: date | None = None


def start_contract(
    new: NewContract, *, channel_id: str, workspace_name: str, session: Session, office: Office, actor: Actor
) -> Change:
    """Starts a contract in a channel. Raises AlreadyStarted when the channel has an open one, NotInChannel for a
    channel that is not the person's."""
    if channel_id not in actor.channels:
        raise NotInChannel
    procedure = office.procedures.get(new.procedure_id)
    if procedure is None:
        raise UnknownProcedure
    now = office.now()
    remember_workspace(session=session, workspace_id=actor.workspace_id, name=workspace_name, now=now)
    hold_settings(session=session, workspace_id=actor.workspace_id)
    settings = settings_of(actor.workspace_id, session=session, office=office)
    today = office.today(settings.zone)
    check_day(new.started_on or today, today=today)
    contract = Contract(
        workspace_id=actor.workspace_id,
        channel_id=channel_id,
        procedure_id=procedure.id,
        merchant=new.merchant,
        contact_email=new.contact_email or "",
        payment_methods=[method.id for method in procedure.payment_methods if method.id in new.payment_methods],
        site_url=str(new.site_url) if new.site_url else "",
        owner_id=new.owner_id,
        language=settings.language or new.language,
        zone=settings.zone,
        started_on=new.started_on or today,
        created_by=actor.user_id,
        created_at=now,
    )
    _insert(contract, session=session, office=office)
    _insert_cards(contract, procedure, session=session)
    file = file_of(contract, session=session, office=office, actor=actor)
    file.write_history(ChangeKind.STARTED, day=contract.started_on)
    return file.changed(ChangeKind.STARTED, day=contract.started_on)


def assign_owner(owner_id: str, *, contract_id: int, session: Session, office: Office, actor: Actor) -> Change:
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id, allowed=_ANY_OPEN)
    if file.contract.owner_id == owner_id:
        raise NothingToChange
    file.write_history(
        ChangeKind.OWNER_ASSIGNED, day=file.today, details={"before": file.contract.owner_id, "after": owner_id}
    )
    file.contract.owner_id = owner_id
    return file.changed(ChangeKind.OWNER_ASSIGNED)


def pause_contract(*, contract_id: int, session: Session, office: Office, actor: Actor) -> Change:
    """Takes back everything that is owed until the contract is resumed."""
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id)
    file.contract.status = ContractStatus.PAUSED
    file.write_history(ChangeKind.PAUSED, day=file.today)
    return file.changed(ChangeKind.PAUSED)


def resume_contract(*, contract_id: int, session: Session, office: Office, actor: Actor) -> Change:
    """Raises NothingToChange when it is not paused."""
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id, allowed=_ANY_OPEN)
    if file.contract.status != ContractStatus.PAUSED:
        raise NothingToChange
    file.contract.status = ContractStatus.ACTIVE
    file.write_history(ChangeKind.RESUMED, day=file.today)
    return file.changed(ChangeKind.RESUMED)


def record_opening(
    *, contract_id: int, on: date | None = None, session: Session, office: Office, actor: Actor
) -> Change:
    """The first live payment, and its refund, have worked: nothing more is to be done.

    Raises NotLiveYet while a step is open, NothingToChange when it is recorded already, DayInTheFuture, DayTooLongAgo.
    """
    file = open_file(
        session=session,
        office=office,
        actor=actor,
        contract_id=contract_id,
        allowed=frozenset({ContractStatus.ACTIVE, ContractStatus.LIVE}),
    )
    if file.contract.status != ContractStatus.LIVE:
        raise NotLiveYet
    if file.contract.opened_on is not None:
        raise NothingToChange
    day = on or file.today
    check_day(day, today=file.today)
    file.contract.opened_on = day
    file.write_history(ChangeKind.OPENED, day=day)
    return file.changed(ChangeKind.OPENED, day=day)


def close_contract(reason: str, *, contract_id: int, session: Session, office: Office, actor: Actor) -> Change:
    """Ends a contract before it is live, or puts a live one away; the channel may start another."""
    file = open_file(
        session=session,
        office=office,
        actor=actor,
        contract_id=contract_id,
        allowed=_ANY_OPEN | {ContractStatus.LIVE},
    )
    file.contract.status = ContractStatus.CLOSED
    file.write_history(ChangeKind.CLOSED, day=file.today, details={"reason": reason})
    return file.changed(ChangeKind.CLOSED)


def _insert(contract: Contract, *, session: Session, office: Office) -> None:
    try:
        with session.begin_nested():
            session.add(contract)
    except IntegrityError as taken:
        open_one = store.read_contract_of_channel(
            session=session, workspace_id=contract.workspace_id, channel_id=contract.channel_id
        )
        if open_one is None:
            raise NoContract from taken
        raise AlreadyStarted(state_of(open_one, office=office)) from taken


def _insert_cards(contract: Contract, procedure: Procedure, *, session: Session) -> None:
    if CARD_PAYMENT not in contract.payment_methods:
        return
    assert contract.id is not None
    for card in procedure.card_companies:
        session.add(CardReview(workspace_id=contract.workspace_id, contract_id=contract.id, card_id=card.id))
    session.flush()
