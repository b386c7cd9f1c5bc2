"""What a sentence of a project is called outside of it, and what an answer to it starts from."""

from __future__ import annotations

from core.overview.outcomes import SentenceOutcome
from core.store.answers import Answer, AnswerSpan
from core.store.projects import Item


def name_of(item: Item) -> str:
    """Return what a sentence is called outside of the store: its pair's name, or its number."""
    return item.pair.id or str(item.place + 1)


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
