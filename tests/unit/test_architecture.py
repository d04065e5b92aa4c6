"""The arrows of the house: app -> handlers -> bot -> storage, and nothing happens at import."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("app", "bot", "handlers", "storage", "tests")
ALLOWED = {
    "storage": {"storage"},
    "bot": {"bot", "storage"},
    "bot.localslack": {"bot.localslack"},
    "handlers": {"handlers", "bot", "storage"},
    "app": {"app", "handlers", "bot", "storage"},
}
FILES = sorted(path for folder in ("bot", "handlers", "storage") for path in (ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


@pytest.mark.parametrize("path", [*FILES, ROOT / "app.py"], ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_only_go_down(path: Path) -> None:
    name = module_name(path)
    layer = max((one for one in ALLOWED if is_in(name, one)), key=len)

    ours = [one for one in imports_of(path) if one.split(".")[0] in OURS]
    wrong = [one for one in ours if not any(is_in(one, allowed) for allowed in ALLOWED[layer])]
    if layer != "bot.localslack" and name != "app":
        wrong += [one for one in ours if is_in(one, "bot.localslack")]

    assert wrong == []


@pytest.mark.parametrize("path", sorted((ROOT / "handlers/blocks").glob("*.py")), ids=lambda path: path.name)
def test_blocks_never_touch_the_database(path: Path) -> None:
    data = {"storage.tables"}  # the names of states, and the shape of a history row

    reads = {one for one in imports_of(path) if is_in(one, "storage") and one.count(".") == 1}

    assert reads <= data
    assert not any(
        one.split(".")[0] in {"sqlmodel", "sqlalchemy", "slack_sdk", "slack_bolt"} for one in imports_of(path)
    )


def test_importing_everything_does_nothing(tmp_path: Path) -> None:
    """In a fresh process, with sockets and file writing forbidden."""
    names = [module_name(path) for path in FILES if "migrations" not in path.parts]
    script = f"""
import builtins, socket, sys
sys.path.insert(0, {str(ROOT)!r})
for package in ("aiohttp", "alembic", "holidays", "numpy", "slack_bolt.async_app", "sqlmodel", "psycopg"):
    __import__(package)
def forbidden(*args, **kwargs):
    raise AssertionError(f"something happens at import: {{args}}")
socket.socket.connect = socket.socket.bind = forbidden
opened = builtins.open
builtins.open = lambda file, mode="r", *args, **kwargs: (
    forbidden(file) if set(mode) & set("wax+") else opened(file, mode, *args, **kwargs))
for name in {names!r} + ["app"]:
    __import__(name)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    assert list(tmp_path.iterdir()) == []


def test_serving_is_loaded_without_what_a_start_can_do_without(tmp_path: Path) -> None:
    """Each of these takes a hundredth of a start or more, and is loaded by whoever needs it first."""
    late = {
        "alembic", "apscheduler", "bot.answers.assistant", "bot.answers.day_words", "bot.answers.understanding",
        "dotenv", "holidays", "markdown_it", "numpy", "PIL", "prometheus_client", "psycopg", "yaml",
    }  # fmt: skip
    of_servers = {"cryptography", "handlers.http", "handlers.oauth", "handlers.payloads", "handlers.serving"}

    at_home = loaded_with(
        "app, bot.knowledge, bot.localslack.server, bot.opening, handlers.operators, handlers.product", tmp_path
    )
    served = loaded_with("app, bot.knowledge, bot.opening, handlers.product, handlers.serving", tmp_path)

    assert at_home & (late | of_servers) == set()
    assert served & late == set()


def loaded_with(modules: str, folder: Path) -> set[str]:
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport {modules}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=folder, check=True)
    return set(done.stdout.split())


def test_plain_values_are_structs() -> None:
    """A dataclass takes thirty times as long to make, and there are many; it is left where a field must not show."""
    sources = {path.relative_to(ROOT): path.read_text() for path in FILES}

    assert [path for path, source in sources.items() if "@dataclass" in source and "repr=False" not in source] == []


def test_no_file_grows_beyond_one_subject() -> None:
    """A limit to make one stop and ask what two things live there, not a target."""
    long = {str(path.relative_to(ROOT)): n for path in FILES if (n := len(path.read_text().splitlines())) > 450}

    assert long == {}
