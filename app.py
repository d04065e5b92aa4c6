"""계약 길잡이: the command line, and where the assistant is started and stopped.

What a command needs is imported when it runs: `ask` answers at once, and loads neither Slack nor a database.
"""

from __future__ import annotations

import gc
import os

if __name__ == "__main__":
    gc.disable()  # until a start has ended: nearly all that it makes is kept, and a sixth of its time went into looking
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # or it looks for them in all installed packages

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot import logs
from bot.clock import SystemClock
from bot.datafile import BadDataFile
from bot.office import Office
from bot.settings import MAKE_A_KEY, BadSettings, CannotStart, Mode, Settings
from bot.terminal.options import add_import_options

if TYPE_CHECKING:
    from bot.answers.replies import Reply
    from bot.knowledge import Knowledge
    from bot.localslack.json_types import Json
    from bot.localslack.manifest import Manifest
    from bot.localslack.server import LocalSlack
    from handlers.product import Product
    from storage.database import Database

log = logging.getLogger("contract_guide")

MANIFEST = Path(__file__).parent / "manifest.yml"
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHOWN_NUDGES = 20
_LAG_OF_A_STANDBY = timedelta(minutes=15)


async def serve(settings: Settings) -> None:
    """Runs until SIGINT or SIGTERM. Raises CannotStart, BadDataFile."""
    async with AsyncExitStack() as stack:
        if settings.mode is Mode.LOCAL:
            await _serve_locally(settings, stack)
        else:
            await _serve_slack(settings, stack)
        gc.freeze()  # what was read at the start stays: to look through it again and again holds people up
        gc.enable()
        stopped = asyncio.Event()
        for number in _STOP_SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        await stopped.wait()
        log.info("stopping")


async def _serve_slack(settings: Settings, stack: AsyncExitStack) -> None:
    from handlers.serving import serve_many_workspaces, serve_over_http, serve_over_sockets

    if settings.mode is Mode.SOCKET:
        await serve_over_sockets(settings, stack)
    elif settings.mode is Mode.HTTP:
        await serve_over_http(settings, stack)
    else:
        await serve_many_workspaces(settings, manifest().scopes, stack)


async def _serve_locally(settings: Settings, stack: AsyncExitStack) -> None:
    from bot.knowledge import Knowledge
    from bot.opening import open_database

    knowledge = Knowledge.load(settings)
    database = open_database(settings)
    stack.callback(database.close)
    slack = _local_workspace(settings)
    office = Office(knowledge.procedures, slack.clock, settings.timezone)
    await connect_locally(slack, knowledge, office, database, stack, host=settings.bind_host, port=settings.port)
    print(f"계약 길잡이: {slack.url} 을 브라우저에서 여세요. 끝내려면 Ctrl-C 를 누르세요.", flush=True)


def _local_workspace(settings: Settings) -> LocalSlack:
    from bot.cachefile import cache_folder
    from bot.localslack.manifest import ManifestError, parse_yaml
    from bot.localslack.server import LocalSlack
    from bot.localslack.store import StoreError
    from bot.parsed import parsed_once

    def parse(text: str) -> Json:
        return parsed_once(cache_folder(), "manifest.jsonl", text, parse_yaml)

    try:
        return LocalSlack(MANIFEST, store=local_store(settings), parse=parse)
    except (ManifestError, StoreError) as wrong:
        raise CannotStart(str(wrong)) from wrong


async def connect_locally(
    slack: LocalSlack,
    knowledge: Knowledge,
    office: Office,
    database: Database,
    stack: AsyncExitStack,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Product:
    """Starts the local workspace and connects the assistant to it over Socket Mode, exactly as to Slack."""
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

    from bot.localslack.time_travel import Due
    from handlers.clients import slack_client
    from handlers.operators import add_operator_routes
    from handlers.product import Product

    # slack_sdk and aiohttp ask the proxy of the environment even for this machine, unless they are told.
    os.environ["NO_PROXY"] = ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1,localhost"]))
    readiness: list[Product] = []

    async def missing() -> str | None:
        return await readiness[0].missing() if readiness else "start"

    async def metrics() -> bytes:
        return await readiness[0].metrics_text() if readiness else b""

    add_operator_routes(slack.web_app, missing, metrics)
    try:
        await slack.start(host=host, port=port)
    except (OSError, ValueError) as wrong:
        raise CannotStart(f"PORT: {host}:{port} cannot be used: {wrong}") from wrong
    product = Product(knowledge, office, database, slack_client(slack.bot_token, slack.api_url))
    readiness.append(product)
    handler = AsyncSocketModeHandler(product.app, slack.app_token)
    handler.client.proxy = None

    async def sweep() -> None:
        await product.sweep.tick()
        await product.redraw_statuses()

    async def queue() -> list[Due]:
        coming = await product.coming(most=_SHOWN_NUDGES)
        return [Due(one.due_at, one.headline, one.channel_id) for one in coming]

    slack.drive(product.sweep.next_due, sweep, reset=product.forget_everything, idle=product.idle, queue=queue)

    async def disconnect() -> None:
        await product.stop()
        handler.client.auto_reconnect_enabled = handler.client.default_auto_reconnect_enabled = False
        await slack.stop()
        await handler.close_async()

    stack.push_async_callback(disconnect)
    await handler.connect_async()
    product.start()
    return product


def manifest() -> Manifest:
    """Raises CannotStart when Slack would not take it."""
    from bot.localslack.manifest import ManifestError, load_manifest

    try:
        return load_manifest(MANIFEST)
    except ManifestError as wrong:
        raise CannotStart(str(wrong)) from wrong


def local_store(settings: Settings) -> Path:
    """The local workspace's own file, beside the assistant's database when that is a file."""
    file = settings.sqlite_file
    return (file.parent if file else Path()) / "local-workspace.db"


# ---- the command line -------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] | None = None) -> int:
    """Returns the exit code: 1 with one line on standard error when something stands in the way."""
    options = _parser().parse_args(arguments)
    if environment is None:
        environment = {**_env_file(Path(".env")), **os.environ}
    try:
        settings = Settings.read(environment)
        logs.set_up(settings)
        if options.run is not _run:
            gc.enable()
        return int(options.run(options, settings) or 0)
    except (BadSettings, BadDataFile, CannotStart) as wrong:
        print(f"{wrong}", file=sys.stderr)
        return 1


def _env_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    from dotenv import dotenv_values

    return {name: value for name, value in dotenv_values(path).items() if value is not None}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py", description="계약 길잡이: a Slack assistant for PG contracts")
    parser.set_defaults(run=_run)
    commands = parser.add_subparsers(title="commands")
    ask = commands.add_parser("ask", help="answer a question on the terminal")
    ask.add_argument("question", nargs="*", help="without one, every line of standard input is a question")
    ask.add_argument("--json", action="store_true", help="one JSON object a question")
    ask.set_defaults(run=_ask)
    check = commands.add_parser("check", help="say what is wrong with settings, files, topics and database")
    check.set_defaults(run=_check)
    backup = commands.add_parser("backup", help="copy a SQLite database into a new file, while the server runs")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.set_defaults(run=_backup)
    imports = commands.add_parser("import", help="read help-centre articles as further sources of answers")
    add_import_options(imports)
    imports.set_defaults(run=_import)
    export = commands.add_parser("export", help="progress, events and card reviews as CSV on standard output")
    export.add_argument("--contract", type=int, metavar="ID", help="one contract only")
    export.set_defaults(run=_export)
    suggestions = commands.add_parser("suggestions", help="what people's clicks say about the answers")
    suggestions.add_argument("do", nargs="?", choices=["list", "approve", "reject"], default="list")
    suggestions.add_argument("ids", nargs="*", type=int, metavar="ID", help="the numbers of the list")
    suggestions.add_argument("--unanswered", action="store_true", help="list the questions that nothing answered")
    suggestions.add_argument("--topic", metavar="TOPIC", help="approve as a way to ask for this topic")
    suggestions.add_argument("--write", action="store_true", help="add what is approved to the topic files")
    suggestions.set_defaults(run=_suggestions)
    _add_nudge_commands(commands)
    return parser


def _add_nudge_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    forget = commands.add_parser("forget", help="erase a person, or a contract, from the database")
    whom = forget.add_mutually_exclusive_group(required=True)
    whom.add_argument("--person", metavar="U…", help="a Slack id or a mail address")
    whom.add_argument("--contract", type=int, metavar="ID")
    forget.add_argument("--workspace", metavar="T…", help="in this workspace only; without it, in all of them")
    forget.set_defaults(run=_forget)
    rotate = commands.add_parser("rotate-keys", help="seal every token with the first of TOKEN_KEYS")
    rotate.set_defaults(run=_rotate_keys)
    nudges = commands.add_parser("nudges", help="what to do with the ledger after an accident").add_subparsers(
        title="commands", required=True
    )
    verify = nudges.add_parser(
        "verify",
        help="after a failover to a database that may lag behind: look in the channels for what was due of late, "
        "before anything of it is posted",
    )
    verify.add_argument("--since", type=_moment, metavar="TIME", help="ISO 8601; without it, 15 minutes ago")
    verify.set_defaults(run=_verify)
    adopt = nudges.add_parser("adopt", help="let this INSTANCE_ID post from now on, and no other one")
    adopt.set_defaults(run=_adopt)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO 8601 time, as 2026-11-25T09:30") from None


def _run(_: argparse.Namespace, settings: Settings) -> None:
    # A start computes, and reads, for seconds in which the event loop hears of nothing: until it has ended, a stop is
    # raised wherever that stands, and what was opened so far is closed.
    for number in _STOP_SIGNALS:
        signal.signal(number, _leave)
    # OpenSSL reads all certificates of the machine, twice, when this is loaded: meanwhile the rest can be.
    Thread(target=import_module, args=["aiohttp"], name="aiohttp").start()
    try:
        asyncio.run(serve(settings))
    except _Left:
        log.info("stopped before the start had ended")


class _Left(SystemExit):
    """Of this kind, since asyncio lets nothing else through at once."""


def _leave(*_: object) -> None:
    raise _Left


def _ask(options: argparse.Namespace, settings: Settings) -> None:
    from bot.knowledge import Knowledge
    from bot.terminal.ask import answer, answer_lines, articles_at_hand

    knowledge = Knowledge.load(settings)
    office = Office(knowledge.procedures, SystemClock(), settings.timezone)
    assistant = knowledge.assistant(office, articles_at_hand(settings))
    rewording = knowledge.rewording(office)
    # The loop runs only while a model is asked: Ctrl-C must end the wait for the next line at once.
    with asyncio.Runner() as runner:

        def reword(question: str, reply: Reply) -> Reply:
            return runner.run(rewording.reworded(question, reply))

        if options.question:
            print(answer(assistant, " ".join(options.question), as_json=options.json, reword=reword))
        else:
            for line in answer_lines(assistant, sys.stdin, reword=reword):
                print(line, flush=True)
        runner.run(rewording.close())


def _check(_: argparse.Namespace, settings: Settings) -> int:
    from bot.terminal.check import what_is_wrong, wrong_with_installations

    found = list(what_is_wrong(settings, SystemClock()))
    try:
        scopes = manifest().scopes
    except CannotStart as wrong:
        found.append(str(wrong))
    else:
        found += wrong_with_installations(settings, scopes)
        found += asyncio.run(_wrong_with_slack(settings, scopes))
    for line in found:
        print(line)
    if not found:
        print("all is well")
    return 1 if found else 0


async def _wrong_with_slack(settings: Settings, scopes: Sequence[str]) -> list[str]:
    from handlers.connection import wrong_with_slack

    return [line async for line in wrong_with_slack(settings, scopes, SystemClock().now())]


def _backup(options: argparse.Namespace, settings: Settings) -> None:
    from bot.terminal.backup import back_up

    for line in back_up(settings, options.file):
        print(line)


def _import(options: argparse.Namespace, settings: Settings) -> None:
    from bot.opening import open_database
    from bot.terminal.import_articles import import_articles, refuse_what_is_no_folder

    refuse_what_is_no_folder(options)
    with open_database(settings) as database:
        for line in import_articles(options, database, SystemClock().now(), settings.timezone):
            print(line, flush=True)


def _export(options: argparse.Namespace, settings: Settings) -> None:
    from bot.contracts.export import as_csv
    from bot.contracts.outlook import Outlook
    from bot.contracts.reading import everything
    from bot.opening import open_database
    from bot.procedure.load import load_procedures
    from bot.texts.catalogue import DEFAULT_LANGUAGE, Catalogues

    office = Office(load_procedures(settings.procedures_dir), SystemClock(), settings.timezone)
    with open_database(settings) as database, database.reading() as session:
        found = everything(session=session, office=office, contract_id=options.contract)
        contracts = [(Outlook.of(state, office), events) for state, events in found]
        print(as_csv(contracts, say=Catalogues.load().speaker(DEFAULT_LANGUAGE)), end="")


def _suggestions(options: argparse.Namespace, settings: Settings) -> None:
    from bot.knowledge import Knowledge
    from bot.opening import open_database
    from bot.terminal.suggestions import NotPossible, approve, listed, reject

    with open_database(settings) as database:
        try:
            if options.do == "approve":
                topics = Knowledge.load(settings).topics
                said: Iterable[str] = approve(database, topics, options.ids, topic=options.topic, write=options.write)
            elif options.do == "reject":
                said = [f"{reject(database, options.ids)} rejected"]
            else:
                said = listed(database, only_unanswered=options.unanswered)
            for line in said:
                print(line)
        except NotPossible as wrong:
            raise CannotStart(str(wrong)) from wrong


def _forget(options: argparse.Namespace, settings: Settings) -> None:
    from bot.opening import open_database
    from bot.terminal.privacy import forget

    with open_database(settings) as database:
        _print_or_refuse(
            forget(database, person=options.person, contract_id=options.contract, workspace_id=options.workspace)
        )


def _rotate_keys(_: argparse.Namespace, settings: Settings) -> None:
    from bot.opening import open_database
    from bot.terminal.privacy import rotate_keys
    from handlers.serving import vault_of

    if not settings.token_keys:
        raise CannotStart(f"TOKEN_KEYS: is missing; make one: {MAKE_A_KEY}")
    with open_database(settings) as database:
        _print_or_refuse(rotate_keys(database, vault_of(settings)))


def _print_or_refuse(lines: Iterable[str]) -> None:
    from bot.terminal import privacy

    try:
        for line in lines:
            print(line)
    except privacy.NotPossible as wrong:
        raise CannotStart(str(wrong)) from wrong


def _verify(options: argparse.Namespace, settings: Settings) -> None:
    from bot.opening import open_database
    from storage.database import clock_of_database
    from storage.nudges import doubt_since

    with open_database(settings) as database, database.writing() as session:
        now = clock_of_database(session=session)
        since = options.since or now - _LAG_OF_A_STANDBY
        if since.tzinfo is None:
            since = since.replace(tzinfo=ZoneInfo(settings.timezone))
        doubted = doubt_since(session=session, since=since, now=now)
    print(f"{doubted} nudges due since {since.isoformat()} will be looked for before they are posted")


def _adopt(_: argparse.Namespace, settings: Settings) -> None:
    from bot.opening import open_database
    from storage import instance

    with open_database(settings) as database, database.writing() as session:
        instance.adopt(session=session, name=settings.instance_id)
    print(f"the database belongs to the installation {settings.instance_id!r} now")


if __name__ == "__main__":
    sys.exit(main())
