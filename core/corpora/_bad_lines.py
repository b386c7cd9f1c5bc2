"""Setting malformed sentences aside, one by one, without losing count of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from core.errors import DataError, ErrorCode
from core.types import Sentence

Unit = TypeVar("Unit")


@dataclass(frozen=True, slots=True)
class BadSentence:
    """A sentence that could not be read.

    Attributes:
        path: file it stands in.
        line: 1-based line of the fault, if known.
        position: 0-based place among all sentences of the file, good and bad.
        code: slug of the error.
        reason: what must hold, and what was got.
    """

    path: str
    line: int | None
    position: int
    code: ErrorCode
    reason: str


@dataclass(slots=True)
class BadLines:
    """Collects the sentences that readers set aside.

    Attributes:
        sentences: what was set aside, in reading order.
    """

    sentences: list[BadSentence] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sentences)

    def add(self, position: int, error: DataError) -> None:
        """Take in one sentence and the error that stopped it."""
        self.sentences.append(
            BadSentence(error.path or "", error.line, position, error.code, error.reason)
        )

    def counts(self) -> dict[ErrorCode, int]:
        """Return how many sentences were set aside for each kind of error, most frequent first."""
        return dict(Counter(sentence.code for sentence in self.sentences).most_common())


def read_each(
    units: Iterable[Unit],
    parse: Callable[[Unit], Sentence],
    *,
    skip_bad: BadLines | None,
) -> list[Sentence]:
    """Parse units of a file, one sentence each.

    Args:
        units: lines or groups of lines, in file order.
        parse: makes the sentence of one unit.
        skip_bad: takes the units that fail; with None the first failure is raised.

    Raises:
        DataError: a unit that cannot be parsed, without `skip_bad`.
    """
    sentences = []
    for position, unit in enumerate(units):
        try:
            sentence = parse(unit)
        except DataError as error:
            if skip_bad is None:
                raise
            skip_bad.add(position, error)
        else:
            sentences.append(sentence)
    return sentences
