"""Everything that is read from files at start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bot.answers.apart.frames import Start
from bot.answers.rewording.protocol import AsWritten, Rewording, Writer
from bot.answers.topic_book import TopicBook
from bot.articles.excerpts import ArticleSearch
from bot.cachefile import cache_folder
from bot.late import Late
from bot.office import Office
from bot.parsed import ParsedFiles
from bot.procedure.load import Procedures, load_procedures
from bot.settings import LanguageModel, Settings
from bot.texts.catalogue import Catalogues

if TYPE_CHECKING:
    from bot.answers.assistant import Assistant
    from bot.answers.understanding import Understanding


class Knowledge(Struct, frozen=True):
    texts: Catalogues
    procedures: Procedures
    topics: TopicBook
    understanding: Late[Understanding]
    """made at once where something of it is new, and may be wrong; else for the first message, or after the start"""
    to_understand: Start
    """for a process that only understands"""
    writer: Writer | None = None
    """the language model that words answers, where the settings name one"""

    @classmethod
    def load(cls, settings: Settings) -> Knowledge:
        """Raises BadDataFile, BadSettings."""
        writer = _open_writer(settings.language_model) if settings.language_model else None
        kept = cache_folder()
        parsed = ParsedFiles(kept)
        texts = Catalogues.load(parsed=parsed)
        procedures = load_procedures(settings.procedures_dir, parsed)
        topics = TopicBook.load(procedures, texts, parsed=parsed)
        start = Start(list(topics.topics.values()), list(procedures.values()), kept)

        def understand() -> Understanding:
            import bot.answers.day_words  # noqa: F401  (the first message may name a day)
            from bot.answers.understanding import Understanding

            made = Understanding.build(start.topics, start.procedures, cache_dir=kept, parsed=parsed)
            parsed.keep()
            return made

        understanding = Late(understand)
        if start.is_fitted:
            parsed.keep(is_all=False)  # the lexicon is still to come
        else:
            understanding.get()
        return cls(texts, procedures, topics, understanding, start, writer)

    def assistant(self, office: Office, articles: ArticleSearch | None = None) -> Assistant:
        from bot.answers.assistant import Assistant

        return Assistant(self.understanding, self.topics, office, self.texts, articles)

    def rewording(self, office: Office) -> Rewording:
        """Raises BadDataFile."""
        if self.writer is None:
            return AsWritten()
        from bot.answers.rewording.opening import open_rewording

        return open_rewording(
            self.writer, topics=self.topics, procedures=self.procedures, texts=self.texts, clock=office.clock
        )


def _open_writer(model: LanguageModel) -> Writer:
    from bot.answers.rewording.opening import open_writer  # what judges a model's words is needed where there is one

    return open_writer(model)
