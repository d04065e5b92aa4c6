"""`app.py` as an operator runs it: a process of its own."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import platformdirs
import pytest
from cryptography.fernet import Fernet

from app import main
from bot.procedure.load import OWN_PROCEDURES
from storage.database import Database
from storage.suggestions import keep_suggestion
from storage.tables import Question, Verdict
from tests.conftest import SettableClock
from tests.team import WORKSPACE, Team

ROOT = Path(__file__).parents[2]


def run(
    *arguments: str, folder: Path, environment: dict[str, str] | None = None, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "app.py"), *arguments],
        cwd=folder,
        env=_environment(folder) | (environment or {}),
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _environment(folder: Path) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(("SLACK_", "DATABASE_", "PORT"))}


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN: is set alone"),
        ({"DATABASE_URL": "sqlite:////proc/nowhere/x.db"}, "DATABASE_URL: "),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "DATABASE_URL: "),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL: "),
        ({"PROCEDURES_DIR": "broken"}, "kg_mobilians.yml, line "),
    ],
)
def test_what_stands_in_the_way_is_one_line_and_nothing_is_written(
    tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "kg_mobilians.yml").write_text("id: kg\nsteps:\n  - id: [", encoding="utf-8")

    done = run(folder=tmp_path, environment=environment | {"PORT": "0"})

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert said in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken"]


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(folder=tmp_path, environment={"PORT": str(taken.getsockname()[1])})

    assert done.returncode == 1
    assert done.stderr.startswith("PORT: ")
    assert done.stderr.count("\n") == 1


def test_many_workspaces_find_the_install_page_and_bolt_writes_no_files_of_its_own(tmp_path: Path) -> None:
    """With SLACK_CLIENT_ID in the environment Bolt would keep tokens in files under the home folder."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "c1ient",
        "SLACK_SIGNING_SECRET": "s3cret",
        "TOKEN_KEYS": Fernet.generate_key().decode(),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(platformdirs.user_cache_path()),  # the model is not learned anew
    }
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py")],
        cwd=tmp_path,
        env=_environment(tmp_path) | environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        while "workspaces install the app" not in (line := process.stderr.readline()):
            assert line, "it ended"
        with urlopen(f"http://127.0.0.1:{port}/slack/install") as page:
            assert "Slack에 설치하기" in page.read().decode()
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)

    assert process.returncode == 0, errors
    assert {path.name.split(".db")[0] for path in tmp_path.iterdir()} == {"contract-guide"}


def test_a_stop_while_it_starts_is_no_failure_and_one_line(tmp_path: Path) -> None:
    """In the middle of reading a file: the event loop stands still then."""
    procedures = tmp_path / "procedures"
    procedures.mkdir()
    os.mkfifo(procedures / "kg_mobilians.yml")
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py")],
        cwd=tmp_path,
        env=_environment(tmp_path) | {"PORT": "0", "PROCEDURES_DIR": str(procedures)},
        stderr=subprocess.PIPE,
        text=True,
    )

    with (procedures / "kg_mobilians.yml").open("w"):  # opens as soon as somebody reads
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)

    assert process.returncode == 0, errors
    assert errors.count("\n") == 1, errors
    assert "stopped before the start had ended" in errors


def test_ask_answers_every_line_of_its_input(tmp_path: Path) -> None:
    done = run("ask", "--json", folder=tmp_path, typed="메일이 안 와요\n심사 얼마나 걸려요\n내일 날씨 어때\n")

    mail, review, weather = [json.loads(line) for line in done.stdout.splitlines()]
    assert "스팸함" in mail["text"]
    assert "2~3영업일" in mail["text"]
    assert "2주" in review["text"]
    assert weather["outcome"] == "hand_over"
    assert set(mail) == {"question", "outcome", "topic", "text", "sources", "confidence", "choices"}
    assert all(set(source) == {"title", "url", "as_of"} for source in review["sources"])
    assert list(tmp_path.iterdir()) == [], "no database is needed"


def test_ask_reads_well_on_a_terminal(tmp_path: Path) -> None:
    done = run("ask", "심사", "얼마나", "걸려요?", folder=tmp_path)

    assert done.returncode == 0
    assert "2주" in done.stdout
    assert "https://help.portone.io" in done.stdout
    assert "{" not in done.stdout


def test_settings_stand_in_a_file_too_and_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PORT=many\nTIMEZONE=Mars/Olympus\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "3000")

    assert main(["check"]) == 1
    assert capsys.readouterr().err.startswith("TIMEZONE: ")


def test_check_finds_nothing_wrong_but_age_and_writes_nothing(tmp_path: Path) -> None:
    done = run("check", folder=tmp_path)

    aged = [line for line in done.stdout.splitlines() if line.startswith("topic ")]
    assert (done.returncode, done.stdout) == ((1, "\n".join(aged) + "\n") if aged else (0, "all is well\n"))
    assert list(tmp_path.iterdir()) == []


def test_check_says_what_is_wrong(tmp_path: Path) -> None:
    shutil.copytree(OWN_PROCEDURES, tmp_path / "procedures", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = tmp_path / "procedures" / "kg_mobilians.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("country: KR", "country: Korea"), encoding="utf-8")

    done = run("check", folder=tmp_path, environment={"PROCEDURES_DIR": "procedures"})

    assert done.returncode == 1
    assert "country" in done.stdout


def test_export_writes_csv_of_every_contract(tmp_path: Path, team: Team, clock: SettableClock) -> None:
    team.starts("=HYPERLINK(모모)")
    team.finishes("application")
    address = str(team.database.engine.url)

    done = run("export", folder=tmp_path, environment={"DATABASE_URL": address})

    rows = list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"))))
    assert {row["merchant"] for row in rows} == {"'=HYPERLINK(모모)"}, "no spreadsheet takes it for a formula"
    application = next(row for row in rows if (row["row"], row["what"]) == ("step", "application"))
    assert (application["status"], application["day"]) == ("done", "2026-11-23")
    assert [row["status"] for row in rows if row["row"] == "event"] == ["started", "finished"]


def test_stopped_in_the_middle_and_started_again_everything_is_there(tmp_path: Path) -> None:
    """Ctrl-C, twice: the second start finds the database of the first, the messages and the clock."""
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")],
            cwd=tmp_path,
            env=_environment(tmp_path) | {"PORT": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert "브라우저에서 여세요" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 0, errors

    assert (tmp_path / "contract-guide.db").exists()
    with Database(f"sqlite:///{tmp_path / 'contract-guide.db'}") as database, database.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from alembic_version").scalar_one() == 1


def test_suggestions_are_listed_and_settled_by_number(tmp_path: Path, team: Team, clock: SettableClock) -> None:
    team.starts()
    with team.database.writing() as session:
        question = Question(
            workspace_id=WORKSPACE,
            channel_id="C1",
            user_id="U1",
            asked_at=clock.now(),
            text="민지 님께 메일 소식 a@b.kr",
            outcome="answer",
            topic="notice.when",
        )
        session.add(question)
        session.flush()
        keep_suggestion(
            session=session,
            workspace_id=WORKSPACE,
            question_id=question.id or 0,
            user_id="U1",
            now=clock.now(),
            verdict=Verdict.CHOSEN,
            shown="notice.when",
            chosen="notice.not_arrived",
        )
    environment = {"DATABASE_URL": str(team.database.engine.url)}

    listed = run("suggestions", folder=tmp_path, environment=environment)
    approved = run("suggestions", "approve", "1", folder=tmp_path, environment=environment)
    again = run("suggestions", "reject", "1", folder=tmp_path, environment=environment)

    assert listed.stdout == "1\t1\t○○ 님께 메일 소식 ○○\tshown: notice.when, meant: notice.not_arrived\n"
    assert "notice.not_arrived, under asked:\n      - ○○ 님께 메일 소식 ○○" in approved.stdout
    assert (again.returncode, again.stderr) == (1, "1: no such suggestion is pending\n")


def test_an_answer_needs_neither_slack_nor_a_database(tmp_path: Path) -> None:
    program = (
        "import sys; sys.argv = ['app.py', 'ask', '심사 얼마나 걸려요']; import app; app.main();"
        "print(sorted({'aiohttp', 'slack_bolt', 'slack_sdk', 'sqlalchemy', 'alembic', 'holidays'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "2주" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
