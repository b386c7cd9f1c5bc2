"""Setting malformed sentences aside, one by one, without losing count of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from core.errors import DataError, ErrorCode
from core.text.files import Line

Unit = TypeVar("Unit")
Value = TypeVar("Value")
Origin: TypeAlias = tuple[int, int] | bytes
"""Where a sentence stands, as its first and last line; or what stands there."""


@dataclass(frozen=True, slots=True)
class BadSentence:
    """A sentence that could not be read.

    Attributes:
        path: file it stands in.
        line: 1-based line of the fault, if known.
        position: 0-based place among all sentences of the file, good and bad.
        code: slug of the error.
        reason: what must hold, and what was got.
        lines: its first and last line, where the file is one of lines.
        raw: what stands in the file, where it is not.
    """

    path: str
    line: int | None
    position: int
    code: ErrorCode
    reason: str
    lines: tuple[int, int] | None = None
    raw: bytes = b""


@dataclass(slots=True)
class BadLines:
    """Collects the sentences that readers set aside.

    Attributes:
        sentences: what was set aside, in reading order.
        ignored: how often something that is no entity (a relation, a choice) was passed over.
    """

    sentences: list[BadSentence] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.sentences)

    def add(self, position: int, error: DataError, origin: Origin = b"") -> None:
        """Take in one sentence, the error that stopped it, and where or what it is."""
        lines, raw = (None, origin) if isinstance(origin, bytes) else (origin, b"")
        self.sentences.append(
            BadSentence(
                error.path or "", error.line, position, error.code, error.reason, lines, raw
            )
        )

    def counts(self) -> dict[ErrorCode, int]:
        """Return how many sentences were set aside for each kind of error, most frequent first."""
        return dict(Counter(sentence.code for sentence in self.sentences).most_common())


def own_line(line: Line) -> tuple[int, int]:
    """Return where a sentence on a line of its own stands."""
    return line.number, line.number


def read_each(
    units: Iterable[Unit],
    parse: Callable[[Unit], Value],
    *,
    skip_bad: BadLines | None,
    origin: Callable[[Unit], Origin] | None = None,
) -> list[Value]:
    """Parse units of a file, one sentence or sentence pair each.

    Args:
        units: lines or groups of lines, in file order.
        parse: makes the sentence of one unit.
        skip_bad: takes the units that fail; with None the first failure is raised.
        origin: says where a unit stands, or what it is.

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
            skip_bad.add(position, error, b"" if origin is None else origin(unit))
        else:
            sentences.append(sentence)
    return sentences
