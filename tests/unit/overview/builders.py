"""Hand-built runs, as short as a test can read."""

from __future__ import annotations

from collections.abc import Sequence

from core.overview.outcomes import CorpusRun, outcome_of
from core.types import Projection, Sentence, Span
from tests.unit.evaluate.builders import FAILURE, project, sentence

Answer = str | None
"""Predicted spans as `0-1PER 2-3LOC`; None where the sentence failed."""


def spans(text: str) -> tuple[Span, ...]:
    """Read `0-1PER 2-4LOC`."""
    found = []
    for item in text.split():
        start, rest = item.split("-")
        found.append(Span(int(start), int(rest[0]), rest[1:]))
    return tuple(found)


def target(gold: str) -> Sentence:
    """Make a target sentence of six words with gold spans."""
    return sentence("a b c d e f", *[(one.start, one.end, one.label) for one in spans(gold)])


def run_of(
    gold: Sequence[str], *answers: Answer, name: str = "run", has_gold: bool = True
) -> CorpusRun:
    """Make a run over sentences with these gold spans."""
    projections: list[Projection] = [
        project(
            sentence("source"),
            target(one),
            spans=() if answer is None else spans(answer),
            failure=FAILURE if answer is None else None,
            has_gold=has_gold,
            pair_id=f"s{place}",
        )
        for place, (one, answer) in enumerate(zip(gold, answers, strict=True), start=1)
    ]
    return CorpusRun(name, tuple(map(outcome_of, projections)))
