"""`app.py import`, from the folder to what a person reads, on both engines."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.articles.importing import FolderRead, Refusal, keep_articles
from bot.articles.shelf import ArticleShelf
from bot.settings import CannotStart
from bot.terminal.import_articles import import_articles
from bot.terminal.options import add_import_options
from storage.article_tables import ArticleImport, ArticleSection, ImportedArticle
from storage.database import Database
from storage.erase import erase_everything
from tests.conftest import SettableClock
from tests.flows.test_command_line import run
from tests.scene import CHANNEL, Scene

ROUTING = "---\ntitle: 스마트 라우팅\ndatetime: 2024-06-02\n---\n## 뜻\n스마트 라우팅은 결제 요청을 나누어 보냅니다.\n"
TORN = "---\ntitle: [스마트\n---\n글\n"

Import = Callable[..., list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "help"
    (folder / "guides").mkdir(parents=True)
    (folder / "routing.mdx").write_text(ROUTING, encoding="utf-8")
    (folder / "guides" / "webhook.md").write_text("# 웹훅\n주소를 등록합니다.\n", encoding="utf-8")
    (folder / "logo.png").write_bytes(b"\x89PNG")
    return folder


@pytest.fixture
def imported(database: Database, clock: SettableClock, folder: Path) -> Import:
    def run_import(*options: str) -> list[str]:
        parser = ArgumentParser()
        add_import_options(parser)
        given = parser.parse_args([str(folder), *options])
        return list(import_articles(given, database, clock.now(), "Asia/Seoul"))

    return run_import


def paths(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(select(ImportedArticle.path).order_by(ImportedArticle.path)).scalars())  # type: ignore[call-overload]


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def test_importing_again_changes_nothing(database: Database, imported: Import) -> None:
    assert imported() == ["2 new, 0 changed, 0 unchanged, 0 removed, 0 refused"]
    assert imported() == ["0 new, 0 changed, 2 unchanged, 0 removed, 0 refused"]

    assert paths(database) == ["guides/webhook.md", "routing.mdx"]
    assert count(database, ArticleImport) == 1, "an import that changes nothing makes nobody read again"


def test_what_changed_in_the_folder_changes_in_the_database(database: Database, imported: Import, folder: Path) -> None:
    imported()
    (folder / "routing.mdx").write_text(ROUTING.replace("나누어", "골라"), encoding="utf-8")
    (folder / "guides" / "webhook.md").unlink()
    (folder / "new.md").write_text("새 글", encoding="utf-8")
    (folder / "_piece.mdx").write_text("조각", encoding="utf-8")

    said = imported()

    assert said == [
        "1 new, 1 changed, 0 unchanged, 1 removed, 0 refused "
        "(1 left out: drafts, pieces of other pages, pages without text)"
    ]
    assert paths(database) == ["new.md", "routing.mdx"]
    with database.reading() as session:
        texts = session.execute(select(ArticleSection.text)).scalars().all()  # type: ignore[call-overload]
    assert sorted(texts) == ["새 글", "스마트 라우팅은 결제 요청을 골라 보냅니다."]


def test_a_file_that_is_torn_keeps_its_earlier_version_and_the_rest_goes_on(
    database: Database, imported: Import, folder: Path, clock: SettableClock
) -> None:
    imported()
    clock.advance(timedelta(days=3))
    (folder / "routing.mdx").write_text(TORN, encoding="utf-8")
    (folder / "latin.md").write_bytes("첫 줄\n".encode() + "둘째".encode("cp949"))
    (folder / "picture.md").write_bytes(b"\x89PNG\x00")
    (folder / "new.md").write_text("새 글", encoding="utf-8")

    said = imported()

    assert said[0].startswith("refused latin.md:2: is not UTF-8 text")
    assert said[1] == "refused picture.md: is not text"
    assert said[2].startswith("refused routing.mdx:3: front matter: ")
    assert said[2].endswith("; what was imported on 2026-11-23 stays")
    assert said[3] == "1 new, 0 changed, 1 unchanged, 0 removed, 3 refused"
    assert paths(database) == ["guides/webhook.md", "new.md", "routing.mdx"]


def test_links_are_not_followed(imported: Import, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("비밀", encoding="utf-8")
    os.symlink(folder, folder / "guides" / "loop")
    os.symlink(tmp_path / "secret.md", folder / "secret.md")

    assert imported() == [
        "refused secret.md: is a symbolic link, which is not followed",
        "refused guides/loop: is a symbolic link, which is not followed",
        "2 new, 0 changed, 0 unchanged, 0 removed, 2 refused",
    ]


def test_a_folder_that_closed_keeps_its_articles(database: Database, imported: Import, clock: SettableClock) -> None:
    imported()
    closed = FolderRead(unchanged={"routing.mdx"}, refused=[Refusal("guides", "cannot be read", is_folder=True)])

    with database.writing() as session:
        done = keep_articles(closed, collection="help", now=clock.now(), session=session)

    assert done.removed == 0
    assert paths(database) == ["guides/webhook.md", "routing.mdx"]


def test_a_folder_without_articles_removes_nothing(database: Database, imported: Import, folder: Path) -> None:
    imported()
    for path in ("routing.mdx", "guides/webhook.md"):
        (folder / path).unlink()

    with pytest.raises(CannotStart, match="nothing was changed"):
        imported()

    assert paths(database) == ["guides/webhook.md", "routing.mdx"]


def test_collections_do_not_touch_each_other(database: Database, imported: Import) -> None:
    imported()
    imported("--name", "second")

    assert imported("--remove") == ["0 new, 0 changed, 0 unchanged, 2 removed, 0 refused"]
    assert len(paths(database)) == 2
    assert imported("--name", "second") == ["0 new, 0 changed, 2 unchanged, 0 removed, 0 refused"]


def test_another_address_is_a_change(database: Database, imported: Import) -> None:
    imported()

    assert imported("--base-url", "https://help.example") == ["0 new, 2 changed, 0 unchanged, 0 removed, 0 refused"]
    with database.reading() as session:
        urls = session.execute(select(ImportedArticle.url)).scalars().all()  # type: ignore[call-overload]
    assert sorted(urls) == ["https://help.example/routing", "https://help.example/webhook"]


def test_many_articles_arrive_whole(database: Database, imported: Import, folder: Path) -> None:
    for number in range(1_200):
        (folder / f"{number}.md").write_text(f"# 글 {number}\n하나\n## 둘\n셋 {number}\n", encoding="utf-8")

    assert imported() == ["1202 new, 0 changed, 0 unchanged, 0 removed, 0 refused"]
    assert count(database, ArticleSection) == 2 * 1_200 + 2


def test_the_articles_survive_a_workspace_that_begins_anew(database: Database, imported: Import) -> None:
    imported()

    with database.writing() as session:
        erase_everything(session=session)

    assert len(paths(database)) == 2
    with database.reading() as session:
        assert ArticleShelf().refresh(session=session)


def test_ask_quotes_what_was_imported(tmp_path: Path, folder: Path) -> None:
    done = run("import", "help", "--base-url", "https://help.example/", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "2 new, 0 changed, 0 unchanged, 0 removed, 0 refused\n")

    asked = run("ask", "--json", folder=tmp_path, typed="스마트 라우팅은 뭐예요?\n내일 날씨 어때\n심사 얼마나 걸려요\n")

    routing, weather, review = [json.loads(line) for line in asked.stdout.splitlines()]
    assert (routing["outcome"], routing["topic"]) == ("answer", None)
    assert "문서에서 찾은 내용: 스마트 라우팅 › 뜻" in routing["text"]
    assert "스마트 라우팅은 결제 요청을 나누어 보냅니다." in routing["text"]
    assert [(one["title"], one["as_of"]) for one in routing["sources"]] == [("스마트 라우팅", "2024-06-02")]
    assert routing["sources"][0]["url"].startswith("https://help.example/routing")
    assert (weather["outcome"], weather["sources"]) == ("hand_over", [])
    assert "2주" in review["text"]


def test_ask_works_with_a_database_that_knows_no_articles(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path / 'contract-guide.db'}").engine.connect().close()

    asked = run("ask", "심사 얼마나 걸려요", folder=tmp_path)

    assert asked.returncode == 0
    assert "2주" in asked.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "nowhere: is not a folder"),
        (("help", "--base-url", "ftp://x"), "must be an address"),
        (("help", "--as-of", "yesterday"), "is no day"),
    ],
)
def test_what_makes_no_sense_is_refused_before_a_database_is_made(
    tmp_path: Path, folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run("import", *arguments, folder=tmp_path)

    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["help"]


async def test_people_read_the_quotation_in_their_thread(scene: Scene, clock: SettableClock, folder: Path) -> None:
    hostile = ROUTING.replace(
        "나누어 보냅니다.", "<!channel> \\*나누어\\* 보냅니다 :tada: <https://evil.example|눌러요>."
    )
    (folder / "routing.mdx").write_text(hostile, encoding="utf-8")
    parser = ArgumentParser()
    add_import_options(parser)
    given = parser.parse_args([str(folder), "--base-url", "https://help.example/"])
    list(import_articles(given, scene.database, clock.now(), "Asia/Seoul"))
    await scene.product.read_articles()

    asked = await scene.minji.mentions(CHANNEL, "스마트 라우팅은 뭐예요?")
    answer = await scene.until_sees(scene.minji, "문서에서 찾은 내용", thread=asked)

    assert "<!channel> *나누어* 보냅니다 :tada:" in answer.text, "as it stands there, and nothing of it is obeyed"
    assert "스마트 라우팅" in answer.text
    assert "2024-06-02" in answer.text
    assert "확인해 줄 수 있는 곳" in answer.text
    assert "https://help.example/routing#" in json.dumps(answer.raw, ensure_ascii=False)
    assert "<https://evil" not in json.dumps([b for b in answer.raw["blocks"] if b["type"] != "rich_text"])


async def test_an_article_does_not_break_into_a_talk_between_people(
    scene: Scene, clock: SettableClock, folder: Path
) -> None:
    parser = ArgumentParser()
    add_import_options(parser)
    list(import_articles(parser.parse_args([str(folder)]), scene.database, clock.now(), "Asia/Seoul"))
    await scene.product.read_articles()
    asked = await scene.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")
    await scene.until_sees(scene.minji, "2주", thread=asked)

    await scene.junho.says(CHANNEL, "스마트 라우팅은 결제 요청을 나누어 보낸대요", asked)
    await scene.minji.mentions(CHANNEL, "메일이 안 와요", asked)
    await scene.until_sees(scene.minji, "스팸함", thread=asked)

    assert not any("문서에서 찾은 내용" in message.text for message in scene.minji.sees(CHANNEL, asked))
