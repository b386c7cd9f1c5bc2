"""What a sentence of a project is called outside of it, and what an answer to it starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.methods import DEFAULT
from core.overview.outcomes import SentenceOutcome
from core.store.answers import Answer, AnswerSpan
from core.store.projects import Item
from core.store.runs import StoredRun


def name_of(item: Item) -> str:
    """Return what a sentence is called outside of the store: its pair's name, or its number."""
    return item.pair.id or str(item.place + 1)


def main_run(stored: Sequence[StoredRun]) -> StoredRun | None:
    """Return the run whose answers are reviewed unless another is chosen; None without any."""
    named = (run for run in stored if run.name == DEFAULT)
    return next(named, next(iter(stored), None))


def is_untouched(answer: Answer) -> bool:
    """Tell whether nobody has said anything, so that a run's answer takes its place."""
    return answer.status == "open" and answer.run is None


def started(answer: Answer, outcome: SentenceOutcome, run: int) -> Answer:
    """Return what stands for a sentence: an answer, or a run's where nobody has said anything.

    Args:
        answer: of a track; its note stays.
        outcome: of the run.
        run: its id in the store.
    """
    if not is_untouched(answer):
        return answer
    return replace(answer_of_outcome(outcome, run), note=answer.note)


def answer_of_outcome(outcome: SentenceOutcome, run: int | None = None) -> Answer:
    """Return what a run says of a sentence, as an answer nobody has given yet.

    It is `core.review.drafts.answer_of` for a whole corpus, where traces are not at hand.

    Args:
        outcome: of the run; a failed one has no spans.
        run: its id in the store.
    """
    entities = {(one.start, one.end): one.entity for one in outcome.decisions}
    return Answer(
        run=run,
        spans=tuple(
            AnswerSpan(span.start, span.end, span.label, entities.get((span.start, span.end)))
            for span in outcome.spans
        ),
    )
