"""Accepting many sentences at once by a filter, and how right that was, from a checked sample."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

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
from core.review.starting import answer_of_outcome
from core.store.answers import DONE, Status
from core.store.database import Store
from core.store.decisions import Change, Standing, log_of, sentences_of_batch, state_of
from core.store.projects import Item, Project


@dataclass(frozen=True, slots=True)
class Acceptable:
    """Sentences that a filter would accept, in corpus order.

    Attributes:
        places: those that nobody has said anything of.
        noted: those that have a note and no verdict: whoever wrote it wants it read, so that they
            are left alone.
    """

    places: tuple[int, ...]
    noted: tuple[int, ...]


def find_acceptable(
    run: CorpusRun,
    *,
    statuses: Mapping[int, Status],
    noted: Collection[int] = (),
    least_margin: float,
    label: str = "",
    survey: Survey | None = None,
    unanimous: bool = False,
) -> Acceptable:
    """List the sentences that nobody has decided on and that a filter would accept.

    Args:
        run: the run whose answers would be accepted.
        statuses: of the answers that stand, by place.
        noted: places with a note and no verdict.
        least_margin: every decision of the sentence has at least this margin.
        label: class that the sentence has; empty for any.
        survey: of all runs.
        unanimous: whether all runs must say the same.

    Returns:
        Their places; a failed sentence is never among them.
    """
    wanted = Wanted("corpus", label=label, statuses=("open",), least_margin=least_margin)
    fitting = [
        place
        for place in order_places(run, wanted, statuses=statuses)
        if run.outcomes[place].failure is None
        and not (unanimous and survey is not None and survey.disagreement[place] > 0)
    ]
    return Acceptable(
        tuple(place for place in fitting if place not in noted),
        tuple(place for place in fitting if place in noted),
    )


def acceptances(
    items: Sequence[Item],
    places: Sequence[int],
    standing: Mapping[int, Standing],
    run: CorpusRun,
    number: int,
) -> list[Change]:
    """Return the changes that accept what a run says.

    Args:
        items: of the project, in corpus order.
        places: of the sentences to accept.
        standing: what stands, by place, as it was when the sentences were chosen: whatever is
            decided after that is not overwritten.
        run: whose answers are accepted.
        number: its id in the store.
    """
    return [
        Change(
            items[place].id,
            replace(answer_of_outcome(run.outcomes[place], number), status="accepted"),
            standing[place].version if place in standing else 0,
        )
        for place in places
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
