"""What an import shows and what an export gives back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.config import ComponentChoice
from core.corpora import BadSentence
from core.types import Sentence, SentencePair

ChangedPart = Literal["span", "words", "text", "links", "sentence"]


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file holds, before anything is done with it.

    Attributes:
        name: the file's name.
        form: its format with parameters, guessed or chosen.
        guessed: whether the format was guessed.
        sentences: all that could be read, in order.
        bad: all that could not, each with its line and the reason.
        ignored: how often something that is no entity was passed over, by kind.
        set_aside_bytes: what could not be read, as it stands in the file, to be kept in a file.
    """

    name: str
    form: ComponentChoice
    guessed: bool
    sentences: tuple[Sentence, ...]
    bad: tuple[BadSentence, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)
    set_aside_bytes: bytes = b""

    @property
    def entities(self) -> int:
        """Return the number of entities."""
        return sum(len(sentence.spans) for sentence in self.sentences)

    @property
    def words(self) -> int:
        """Return the number of words."""
        return sum(len(sentence.words) for sentence in self.sentences)

    @property
    def empty(self) -> int:
        """Return the number of sentences without words."""
        return sum(not sentence.words for sentence in self.sentences)

    def labels(self) -> dict[str, int]:
        """Return the number of entities of each class, most frequent first."""
        found = Counter(span.label for one in self.sentences for span in one.spans)
        return dict(found.most_common())

    def first(self, count: int = 10) -> tuple[Sentence, ...]:
        """Return the first sentences, to be shown."""
        return self.sentences[:count]


@dataclass(frozen=True, slots=True)
class PairPreview:
    """What a file of parallel text holds, before anything is done with it.

    Attributes:
        name: the file's name.
        form: its format with parameters, guessed or chosen.
        guessed: whether the format was guessed.
        pairs: all that could be read, in order.
        bad: all that could not, each with its line and the reason.
        set_aside_bytes: what could not be read, as it stands in the file, to be kept in a file.
    """

    name: str
    form: ComponentChoice
    guessed: bool
    pairs: tuple[SentencePair, ...]
    bad: tuple[BadSentence, ...] = ()
    set_aside_bytes: bytes = b""

    @property
    def links(self) -> int:
        """Return the number of word links."""
        return sum(len(links) for pair in self.pairs for links in pair.links.values())

    def first(self, count: int = 10) -> tuple[SentencePair, ...]:
        """Return the first pairs, to be shown."""
        return self.pairs[:count]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence or pair that the format cannot hold.

    Attributes:
        number: its 1-based place among those that were to be written.
        id: its name, may be empty.
        reason: what must hold, and what was got.
    """

    number: int
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SpanChange:
    """Something that the other tool does not see as it was.

    Attributes:
        number: 1-based place of the sentence or pair among those that were to be written.
        id: its name, may be empty.
        part: what changed.
        before: how it was; empty where it was not.
        after: what the other tool sees; empty where it sees nothing.
        reason: what happened.
    """

    number: int
    id: str
    part: ChangedPart
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A file for another tool, and what that tool will see.

    Attributes:
        form: the format with its parameters.
        content: the file.
        file_name: a name for it.
        mime: its media type.
        written: sentences or pairs in it.
        left_out: those that the format cannot hold.
        changes: all that the other tool sees otherwise.
        not_kept: what the format has no place for at all (names, the running text, …).
        checked_with: the library that read the file again, with its version.
    """

    form: ComponentChoice
    content: bytes
    file_name: str
    mime: str
    written: int
    left_out: Sequence[LeftOut]
    changes: Sequence[SpanChange]
    not_kept: tuple[str, ...]
    checked_with: str
