"""The queue: what comes up for review, and in which order."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from core.errors import ConfigError
from core.overview.disagreement import survey
from core.overview.outcomes import CorpusRun, EntityOutcome, SentenceOutcome, outcome_of
from core.review.queue import (
    Wanted,
    certainty,
    class_names,
    error_types,
    neighbour,
    order_places,
    parse_order,
)
from core.types import Failure, Span
from core.whatif.case import make_case, solve
from tests.unit.whatif.cases import by_links, competing

BASE = outcome_of(solve(make_case(by_links(), competing()), by_links()))


def outcome(*margins: float | None, spans: tuple[Span, ...] = ()) -> SentenceOutcome:
    """Make an outcome with a decision a margin; None is an entity that got no span."""
    decisions = tuple(
        EntityOutcome(0, None, None, "no-link", 0.0, 0.0)
        if margin is None
        else EntityOutcome(0, 1, 2, "chosen", 1.0, margin)
        for margin in margins
    )
    return replace(BASE, decisions=decisions, spans=spans, diagnoses=())


FAILED = replace(outcome(), failure=Failure("align", "bad-line", "no"))
RUN = CorpusRun("a", (outcome(0.9), outcome(0.2, 0.8), outcome(), outcome(None), FAILED))


def places(wanted: Wanted, **more: object) -> list[int]:
    return order_places(RUN, wanted, statuses=more.pop("statuses", {}), **more)  # type: ignore[arg-type]


def test_the_most_uncertain_come_first_and_failures_before_all() -> None:
    assert places(Wanted("uncertainty")) == [4, 3, 1, 0, 2]
    assert [certainty(one) for one in RUN.outcomes] == [0.9, 0.2, math.inf, 0.0, -math.inf]


def test_the_most_disputed_come_first() -> None:
    differs = outcome(0.2, 0.8, spans=(Span(0, 1, "LOC"),))
    other = replace(RUN, outcomes=(outcome(0.9), differs, *RUN.outcomes[2:]))
    found = survey({"a": RUN, "b": other})
    assert places(Wanted("disagreement"), survey=found)[:2] == [1, 4]  # both fully
    assert places(Wanted("disagreement")) == [0, 1, 2, 3, 4]


def test_a_random_order_is_a_sample_that_stays() -> None:
    first = places(Wanted("random", seed=3))
    assert first == places(Wanted("random", seed=3))
    assert sorted(first) == [0, 1, 2, 3, 4]
    assert len({tuple(places(Wanted("random", seed=seed))) for seed in range(8)}) > 1
    # What is left out changes nothing of the others' order.
    some = places(Wanted("random", seed=3, statuses=("open",)), statuses={first[0]: "accepted"})
    assert some == first[1:]


def test_filters() -> None:
    statuses = {0: "accepted", 1: "flagged"}
    assert places(Wanted("corpus", statuses=("open", "working")), statuses=statuses) == [2, 3, 4]
    assert places(Wanted("corpus", least_margin=0.5)) == [0, 2]
    assert places(Wanted("corpus", text="the Bank")) == []
    assert places(Wanted("corpus", text="VERLIESS das")) == [0, 1, 2, 3, 4]
    assert places(Wanted("corpus", label="ORG")) == [0, 1, 2, 3, 4]  # a class of the source
    assert places(Wanted("corpus", label="PER")) == []


def test_errors_are_outcomes_and_guilty_stages() -> None:
    wrong = CorpusRun("a", (BASE, replace(BASE, diagnoses=())))
    names = error_types(wrong)
    assert names == sorted(names)
    for name in names:
        assert order_places(wrong, Wanted("corpus", error=name), statuses={}) == [0]
    assert class_names(wrong) == ["LOC", "ORG"]


def test_the_neighbours_go_round() -> None:
    assert neighbour([5, 2, 9], 2, 1) == [9, 5]
    assert neighbour([5, 2, 9], 2, -1) == [5, 9]
    assert neighbour([5, 2, 9], None, 1) == [5, 2, 9]
    assert neighbour([5, 2, 9], 7, -1) == [9, 2, 5]
    assert neighbour([], 7, 1) == []


def test_orders_have_names() -> None:
    assert parse_order("random") == "random"
    with pytest.raises(ConfigError, match="uncertainty"):
        parse_order("best")
