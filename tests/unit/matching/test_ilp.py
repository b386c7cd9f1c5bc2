"""The integer programme: demands, limits, ties, and what is said about each decision."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import BackendError
from core.matching import programme
from core.projectors.greedy import Greedy
from core.projectors.ilp import Ilp
from core.types import Problem
from tests.builders import problem, scored

BARE = problem(
    "Bank of China in China",
    "中国 银行 在 中国",
    ((0, 3, "ORG"), (4, 5, "LOC")),
    "0-1 2-0 4-3",
)


def _chosen(problem_: Problem, **options: object) -> list[tuple[int, int, int]]:
    matching = Ilp(**options).project(problem_)  # type: ignore[arg-type]
    return [
        (d.entity, d.candidate.start, d.candidate.end) for d in matching.decisions if d.candidate
    ]


def test_the_sum_decides_not_the_single_best_pair() -> None:
    one = scored(BARE, {(0, 0, 2): 1.0, (0, 0, 1): 0.9, (1, 0, 1): 0.4, (1, 1, 2): 0.3})
    assert _chosen(one) == [(0, 0, 1), (1, 1, 2)]
    greedy = Greedy().project(one)
    assert greedy.objective == pytest.approx(1.0)
    assert Ilp().project(one).objective == pytest.approx(1.2)


def test_winner_runner_up_margin_and_rival() -> None:
    one = scored(BARE, {(0, 0, 2): 1.0, (0, 0, 1): 0.9, (1, 0, 1): 0.4, (1, 1, 2): 0.3})
    organisation, place = Ilp().project(one).decisions
    assert organisation.score == pytest.approx(0.9)
    assert organisation.runner_up is not None
    assert (organisation.runner_up.start, organisation.runner_up.end) == (0, 2)
    assert organisation.margin == pytest.approx(-0.1)
    (rival,) = organisation.blocked_by
    assert (rival.constraint, rival.entity, rival.word) == ("word", 1, 1)
    assert place.terms == {"given": pytest.approx(0.3)}


def test_ties_prefer_the_longer_then_the_left_span_in_every_solver() -> None:
    one = scored(BARE, {(0, 1, 2): 0.5, (0, 0, 2): 0.5, (0, 2, 4): 0.5})
    for solver in ("auto", "highs", "cbc"):
        assert _chosen(one, solver=solver) == [(0, 0, 2)], solver


def test_a_score_below_the_least_allowed_is_filtered() -> None:
    one = scored(BARE, {(0, 0, 2): 0.4, (1, 3, 4): 0.9})
    first, second = Ilp(min_score=0.5).project(one).decisions
    assert (first.candidate, first.reason) == (None, "filtered")
    assert first.blocked_by[0].constraint == "filtered"
    assert second.reason == "chosen"


def test_demands_without_room_are_met_as_far_as_possible_and_named() -> None:
    one = scored(BARE, {(0, 0, 1): 0.5, (0, 1, 2): 0.5, (1, 0, 1): 0.2})
    matching = Ilp(sense="exactly", n=1).project(one)
    assert matching.status == "optimal"
    two = Ilp(sense="exactly", n=2).project(one)
    assert two.status == "relaxed"
    assert any("entity 1 (China) must get exactly 2 spans" in text for text in two.messages)
    with pytest.raises(BackendError, match="must get exactly 2 spans") as raised:
        Ilp(sense="exactly", n=2, strict=True).project(one)
    assert raised.value.code == "infeasible"


def test_at_most_n_lets_an_entity_have_several_spans() -> None:
    one = scored(BARE, {(0, 0, 1): 0.5, (0, 3, 4): 0.5, (1, 1, 2): 0.2})
    assert _chosen(one, n=2) == [(0, 0, 1), (0, 3, 4), (1, 1, 2)]
    assert _chosen(one, n=1) == [(0, 0, 1), (1, 1, 2)]


def test_a_missing_solver_is_an_error_with_a_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    import pulp

    monkeypatch.setattr(pulp.HiGHS, "available", lambda self: False)
    monkeypatch.setattr(pulp.PULP_CBC_CMD, "available", lambda self: False)
    assert programme.available_solvers() == ()
    with pytest.raises(BackendError, match="not installed") as raised:
        Ilp(solver="highs").project(scored(BARE, {(0, 0, 1): 0.5}))
    assert "pip install" in raised.value.hint
    assert raised.value.code == "missing-package"
    with pytest.raises(BackendError, match="got neither") as neither:
        Ilp(n=2).project(scored(BARE, {(0, 0, 1): 0.5}))
    assert neither.value.code == "missing-package"


def test_a_problem_without_positive_scores_decides_nothing() -> None:
    matching = Ilp(solver="highs").project(scored(BARE, {}))
    assert [d.reason for d in matching.decisions] == ["no-score", "no-score"]
    unlinked = replace(BARE, alignment=None)
    assert Ilp().project(scored(unlinked, {})).objective == 0
