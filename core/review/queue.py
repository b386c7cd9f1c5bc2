"""In which order sentences come up for review, and which of them.

The most uncertain come first where the run's own margins say so, the most disputed where methods
differ; a random order is a sample that stays the same for a seed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from core.errors import ConfigError
from core.overview.disagreement import Survey
from core.overview.outcomes import CorpusRun, SentenceOutcome
from core.store.answers import Status

Order = Literal[
    "uncertainty",  # the smallest margin first, failed sentences before all
    "disagreement",  # the most disputed between the runs first
    "random",  # by lot, the same for the same seed
    "corpus",  # as they come
]
ORDERS: tuple[Order, ...] = get_args(Order)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sentences are wanted, in which order.

    Attributes:
        order: of the queue.
        label: class that a source entity or a projected span has; empty for any.
        error: what became of an entity against gold, or the guilty stage; empty for any.
        statuses: of the answer that stands; empty for any.
        least_margin: the smallest margin of a sentence is at least this; None for any.
        text: that one of the sentences holds, whatever the case.
        seed: of the random order.
    """

    order: Order = "uncertainty"
    label: str = ""
    error: str = ""
    statuses: tuple[Status, ...] = ()
    least_margin: float | None = None
    text: str = ""
    seed: int = 0


def parse_order(text: str) -> Order:
    """Return an order by its name.

    Raises:
        ConfigError: there is none of that name (code unknown-name).
    """
    for order in ORDERS:
        if order == text:
            return order
    raise ConfigError(
        f"an order must be one of {', '.join(ORDERS)}, got {text!r}", code="unknown-name"
    )


def certainty(outcome: SentenceOutcome) -> float:
    """Return how sure a run is of a sentence: the smallest margin of its decisions.

    Returns:
        −∞ where it failed, ∞ where there was nothing to decide. An entity that was not projected
        counts as margin 0 at most: nothing held it.
    """
    if outcome.failure is not None:
        return -math.inf
    margins = [
        one.margin if one.start is not None else min(one.margin, 0.0) for one in outcome.decisions
    ]
    return min(margins, default=math.inf)


def error_types(run: CorpusRun) -> list[str]:
    """List what went wrong in a run against gold, sorted: outcomes and guilty stages."""
    return sorted({name for outcome in run.outcomes for name in _errors(outcome)})


def _errors(outcome: SentenceOutcome) -> set[str]:
    wrong = [one for one in outcome.diagnoses if one.stage is not None]
    return {one.outcome for one in wrong} | {str(one.stage) for one in wrong}


def class_names(run: CorpusRun) -> list[str]:
    """List the classes of a run's source entities and projected spans, sorted."""
    return sorted({name for outcome in run.outcomes for name in _classes(outcome)})


def _classes(outcome: SentenceOutcome) -> set[str]:
    return {span.label for span in (*outcome.pair.source.spans, *outcome.spans)}


def order_places(
    run: CorpusRun,
    wanted: Wanted,
    *,
    statuses: Mapping[int, Status],
    survey: Survey | None = None,
) -> list[int]:
    """List the sentences that are wanted, the most wanted first.

    Args:
        run: the run whose answers are reviewed.
        wanted: what is wanted.
        statuses: of the answers that stand, by place; others are open.
        survey: of all runs; without it nothing is disputed.

    Returns:
        Places, from 0.
    """
    places = [
        place
        for place, outcome in enumerate(run.outcomes)
        if _fits(outcome, wanted, statuses.get(place, "open"))
    ]
    return _sorted(places, run, wanted, survey)


def _sorted(
    places: Sequence[int], run: CorpusRun, wanted: Wanted, survey: Survey | None
) -> list[int]:
    match wanted.order:
        case "uncertainty":
            return sorted(places, key=lambda place: (certainty(run.outcomes[place]), place))
        case "disagreement" if survey is not None:
            return sorted(places, key=lambda place: (-float(survey.disagreement[place]), place))
        case "random":
            # The same lots whatever is filtered: a sentence keeps its rank.
            ranks = random.Random(wanted.seed).sample(  # noqa: S311 (no secret)
                range(len(run.outcomes)), len(run.outcomes)
            )
            return sorted(places, key=lambda place: ranks[place])
        case _:
            return list(places)


def _fits(outcome: SentenceOutcome, wanted: Wanted, status: Status) -> bool:
    if wanted.statuses and status not in wanted.statuses:
        return False
    if wanted.label and wanted.label not in _classes(outcome):
        return False
    if wanted.error and wanted.error not in _errors(outcome):
        return False
    if wanted.least_margin is not None and not certainty(outcome) >= wanted.least_margin:
        return False
    text = wanted.text.casefold().strip()
    pair = outcome.pair
    return not text or text in f"{pair.id}\n{pair.source.text}\n{pair.target.text}".casefold()


def neighbour(places: Sequence[int], here: int | None, by: int) -> list[int]:
    """List the places to try from one on, nearest first, around the end of the queue.

    Args:
        places: the queue.
        here: the place that is open; None begins at the first.
        by: 1 for those behind it, −1 for those before it.
    """
    if not places:
        return []
    if here is None or here not in places:
        return list(places) if by > 0 else list(reversed(places))
    index = places.index(here)
    turned = [*places[index + 1 :], *places[:index]]
    return turned if by > 0 else list(reversed(turned))
