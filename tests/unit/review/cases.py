"""Pairs and answers that tests of the review share."""

from __future__ import annotations

from core.store.answers import Answer, AnswerSpan, Status
from core.types import SentencePair
from tests.builders import pair, sentence

Ends = tuple[int, int, str]


def two(
    source: str,
    target: str,
    *entities: Ends,
    languages: tuple[str, str] = ("en", "de"),
    split: bool = False,
) -> SentencePair:
    """Make a pair; `split` splits the target into characters."""
    words = " ".join(target.replace(" ", "")) if split else target
    return pair(sentence(source, languages[0], *entities), sentence(words, languages[1]))


def answer(*spans: tuple[int, int, str, int | None], status: Status = "open") -> Answer:
    """Make an answer from its spans."""
    return Answer(status, tuple(AnswerSpan(*one) for one in spans))
