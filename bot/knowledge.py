"""Everything that is read from files at start."""

from __future__ import annotations

from dataclasses import dataclass

import platformdirs

from bot.answers.assistant import Assistant
from bot.answers.rewording.opening import open_rewording, open_writer
from bot.answers.rewording.protocol import AsWritten, Rewording, Writer
from bot.answers.topic_book import TopicBook
from bot.answers.understanding import Understanding
from bot.articles.excerpts import ArticleSearch
from bot.office import Office
from bot.procedure.load import Procedures, load_procedures
from bot.settings import Settings
from bot.texts.catalogue import Catalogues


@dataclass(frozen=True)
class Knowledge:
    texts: Catalogues
    procedures: Procedures
    topics: TopicBook
    understanding: Understanding
    writer: Writer | None = None
    """the language model that words answers, where the settings name one"""

    @classmethod
    def load(cls, settings: Settings) -> Knowledge:
        """Raises BadDataFile, BadSettings."""
        model = settings.language_model
        writer = open_writer(model) if model else None
        texts = Catalogues.load()
        procedures = load_procedures(settings.procedures_dir)
        topics = TopicBook.load(procedures, texts)
        understanding = Understanding.build(
            list(topics.topics.values()),
            list(procedures.values()),
            cache_dir=platformdirs.user_cache_path("contract-guide"),
        )
        return cls(texts, procedures, topics, understanding, writer)

    def assistant(self, office: Office, articles: ArticleSearch | None = None) -> Assistant:
        return Assistant(self.understanding, self.topics, office, self.texts, articles)

    def rewording(self, office: Office) -> Rewording:
        """Raises BadDataFile."""
        if self.writer is None:
            return AsWritten()
        return open_rewording(
            self.writer, topics=self.topics, procedures=self.procedures, texts=self.texts, clock=office.clock
        )
