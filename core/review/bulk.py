"""Accepting many sentences at once by a filter, and how right that was, from a checked sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import StoreError
from core.overview.disagreement import Survey
from core.overview.outcomes import CorpusRun
from core.review.precision import (
    CheckedSentence,
    PrecisionEstimate,
    draw_sample,
    estimate_precision,
)
from core.review.queue import Wanted, order_places
from core.store.answers import DONE, Status
from core.store.database import Store
from core.store.decisions import log_of, sentences_of_batch, state_of
from core.store.projects import Project


def places_to_accept(
    run: CorpusRun,
    *,
    statuses: Mapping[int, Status],
    least_margin: float,
    label: str = "",
    survey: Survey | None = None,
    unanimous: bool = False,
) -> list[int]:
    """List the sentences that nobody has said anything of and that a filter would accept.

    Args:
        run: the run whose answers would be accepted.
        statuses: of the answers that stand, by place.
        least_margin: every decision of the sentence has at least this margin.
        label: class that the sentence has; empty for any.
        survey: of all runs.
        unanimous: whether all runs must say the same.

    Returns:
        Places in corpus order; a failed sentence is never among them.
    """
    wanted = Wanted("corpus", label=label, statuses=("open",), least_margin=least_margin)
    places = order_places(run, wanted, statuses=statuses)
    return [
        place
        for place in places
        if run.outcomes[place].failure is None
        and not (unanimous and survey is not None and survey.disagreement[place] > 0)
    ]


@dataclass(frozen=True, slots=True)
class BatchCheck:
    """How far the check of a bulk change is.

    Attributes:
        order: ids of its sentences in the order they are to be checked: any beginning of it is a
            random sample of them.
        checked: how many from the beginning a person has looked at.
        estimate: precision of what was accepted; None before the first.
    """

    order: tuple[int, ...]
    checked: int
    estimate: PrecisionEstimate | None

    @property
    def next(self) -> int | None:
        """Return the sentence to check next; None where all are checked."""
        return self.order[self.checked] if self.checked < len(self.order) else None


def check_of_batch(store: Store, project: Project, batch: int) -> BatchCheck:
    """Tell how right a bulk change was, from the sentences that were checked in random order.

    A sentence counts as checked once a person has accepted or rejected it one by one. Only those
    from the beginning of the random order count: others were looked at for a reason, and would
    make the sample a biased one.

    Args:
        store: where.
        project: of the change.
        batch: its number.

    Raises:
        StoreError: there is none of this number (code unknown-name).
    """
    sentences = sentences_of_batch(store, batch)
    if not sentences:
        raise StoreError(
            f"a bulk change must be one of the project's, got {batch}", code="unknown-name"
        )
    order = draw_sample(sentences, len(sentences), batch)
    found: list[CheckedSentence] = []
    for sentence in order:
        log = log_of(store, sentence)
        made = next(one for one in log if one.batch == batch)
        state = state_of(store, project, sentence, made.track)
        if state.bulk or state.answer.status not in DONE:
            break
        accepted = made.answer
        after = state.answer.plain_spans if state.answer.status == "accepted" else ()
        found.append(CheckedSentence(accepted.plain_spans, after))
    return BatchCheck(order, len(found), estimate_precision(found))
