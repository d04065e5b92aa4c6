"""All topics, with the sentences of the procedures filled in where they quote them."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from string import Formatter

from msgspec import Struct

from bot.answers.replies import Known
from bot.answers.topics import Kind, Topic, TopicFile
from bot.contracts import wording
from bot.datafile import BadDataFile, read_data_file
from bot.parsed import ParsedFiles
from bot.procedure.data import Text
from bot.procedure.load import Procedures
from bot.procedure.model import Procedure, Source, Statement
from bot.texts.catalogue import Catalogues, Speaker

OWN_TOPICS = Path(__file__).parent / "topics"

_EXPECTED = "expected."
_NEEDS_AN_ANSWER = frozenset({Kind.FACT, Kind.UNPUBLISHED, Kind.OUTSIDE})


class Told(Struct, frozen=True):
    """A topic as it is told to somebody."""

    text: str
    more: str
    sources: tuple[Source, ...]
    contacts: tuple[Known, ...]


class TopicBook:
    def __init__(
        self,
        topics: Sequence[Topic],
        sources: Mapping[str, Source],
        texts: Catalogues,
        files: Mapping[str, Path] | None = None,
        facts: Sequence[Statement] = (),
    ) -> None:
        self.topics = {topic.id: topic for topic in topics}
        self.files = dict(files or {})
        """the file that each topic stands in"""
        self._sources = sources
        self._texts = texts
        self._facts = {fact.id: fact for fact in facts}

    @classmethod
    def load(
        cls,
        procedures: Procedures,
        texts: Catalogues,
        folder: Path = OWN_TOPICS,
        parsed: ParsedFiles | None = None,
    ) -> TopicBook:
        """Reads `*.yml` of the folder. Raises BadDataFile, also for a quoted sentence that no procedure has."""
        topics: dict[str, Topic] = {}
        files: dict[str, Path] = {}
        facts: list[Statement] = []
        sources = {source.id: source for procedure in procedures.values() for source in procedure.sources}
        for path in sorted(folder.glob("*.yml")):
            file = read_data_file(path, TopicFile, parsed)
            for source in file.sources:
                if source.id in sources:
                    raise BadDataFile(f"{path.name}: source {source.id!r} stands elsewhere already")
                sources[source.id] = source
            facts += file.facts
            for topic in file.dated_topics():
                if topic.id in topics:
                    raise BadDataFile(f"{path.name}: topic {topic.id!r} stands twice")
                topics[topic.id], files[topic.id] = topic, path
        if not topics:
            raise BadDataFile(f"{folder.name}: holds no topic (*.yml)")
        book = cls(list(topics.values()), sources, texts, files, facts)
        book._check_facts(facts, procedures)
        book._check(procedures)
        return book

    def title(self, topic_id: str, language: str) -> str:
        return self.topics[topic_id].title.in_language(language)

    def overdue(self, today: date) -> list[Topic]:
        """Topics whose facts may have aged: their `review_after` has come. The longest overdue first."""
        due = [(topic.review_after, topic.id) for topic in self.topics.values() if topic.review_after]
        return [self.topics[topic_id] for day, topic_id in sorted(due) if day <= today]

    def tell(self, topic_id: str, procedure: Procedure, language: str) -> Told:
        """The topic's answer about this procedure, with every source it rests on."""
        topic = self.topics[topic_id]
        say = self._texts.speaker(language)
        quoted = [name for text in (topic.answer, topic.more) if text for name in _names(text.in_language(language))]
        statements = self._statements(procedure)
        values = {name: _value(name, procedure, statements, say) for name in quoted}
        wanted = dict.fromkeys([*topic.sources, *_sources_of(quoted, procedure, statements)])
        return Told(
            text=_fill(topic.answer, values, language),
            more=_fill(topic.more, values, language),
            sources=tuple(self._sources[source] for source in wanted if source in self._sources),
            contacts=known_contacts(procedure, topic.contacts),
        )

    def _statements(self, procedure: Procedure) -> Mapping[str, Statement]:
        return ChainMap(procedure.statement_by_id, self._facts)

    def _check_facts(self, facts: Sequence[Statement], procedures: Procedures) -> None:
        taken = {statement.id for procedure in procedures.values() for statement in procedure.statements()}
        for fact in facts:
            if fact.id in taken:
                raise BadDataFile(f"fact {fact.id}: stands elsewhere already")
            taken.add(fact.id)
            for source in fact.sources:
                if source not in self._sources:
                    raise BadDataFile(f"fact {fact.id}: sources: {source!r} is in no list of sources")

    def _check(self, procedures: Procedures) -> None:
        statements = {procedure.id: self._statements(procedure) for procedure in procedures.values()}
        for topic in self.topics.values():
            if topic.kind in _NEEDS_AN_ANSWER and topic.answer is None:
                raise BadDataFile(f"topic {topic.id}: answer: is needed for the kind {topic.kind}")
            if topic.own is not None and self._kind_of(topic.own) is not Kind.STATE:
                raise BadDataFile(f"topic {topic.id}: own: {topic.own!r} is no topic of the kind {Kind.STATE}")
            for source in topic.sources:
                if source not in self._sources:
                    raise BadDataFile(f"topic {topic.id}: sources: {source!r} is in no list of sources")
            for procedure in procedures.values():
                self._check_quotes(topic, procedure, statements[procedure.id])

    def _kind_of(self, topic_id: str) -> Kind | None:
        topic = self.topics.get(topic_id)
        return topic.kind if topic else None

    def _check_quotes(self, topic: Topic, procedure: Procedure, statements: Mapping[str, Statement]) -> None:
        known = {contact.id for contact in procedure.contacts}
        for contact in topic.contacts:
            if contact not in known:
                raise BadDataFile(f"topic {topic.id}: contacts: {procedure.id} has no contact {contact!r}")
        if topic.step is not None and topic.step not in {step.id for step in procedure.steps}:
            raise BadDataFile(f"topic {topic.id}: step: {procedure.id} has no step {topic.step!r}")
        for language in ("ko", "en"):
            say = self._texts.speaker(language)
            for text in (topic.answer, topic.more):
                for name in _names(text.in_language(language)) if text else ():
                    try:
                        _value(name, procedure, statements, say)
                    except KeyError:
                        raise BadDataFile(f"topic {topic.id}: {procedure.id} has no sentence {name!r}") from None


def known_contacts(procedure: Procedure, ids: Collection[str]) -> tuple[Known, ...]:
    """The contacts with these ids, each with the document that names it."""
    return tuple(
        Known(contact, procedure.source(contact.sources[0]) if contact.sources else None)
        for contact in procedure.contacts
        if contact.id in ids
    )


def _names(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(text) if name)


def _value(name: str, procedure: Procedure, statements: Mapping[str, Statement], say: Speaker) -> str:
    """Raises KeyError for a name that neither the procedure nor a topic file has."""
    if name.startswith(_EXPECTED):
        expected = procedure.step(name.removeprefix(_EXPECTED)).expected
        if expected is None:
            raise KeyError(name)
        return wording.duration(expected, say)
    if name == "pg":
        return wording.pg_name(procedure, say)
    return statements[name].in_language(say.language)


def _sources_of(names: Sequence[str], procedure: Procedure, statements: Mapping[str, Statement]) -> Iterator[str]:
    for name in names:
        if name.startswith(_EXPECTED):
            expected = procedure.step(name.removeprefix(_EXPECTED)).expected
            yield from expected.sources if expected else ()
        elif name in statements:
            yield from statements[name].sources


def _fill(text: Text | None, values: Mapping[str, str], language: str) -> str:
    # Not str.format: a name such as `expected.guidance` would be read as an attribute.
    if text is None:
        return ""
    filled = text.in_language(language)
    for name, value in values.items():
        filled = filled.replace("{" + name + "}", value)
    return filled
