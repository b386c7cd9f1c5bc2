"""The solvers against brute force and against each other."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matching.exact import solve_exactly
from core.matching.instance import Instance, Solution, prune, with_tie_bonus
from core.matching.programme import available_solvers, solve_programme
from core.projectors.greedy import take_best


@st.composite
def instances(draw: st.DrawFn, most_entities: int = 4, most_words: int = 6) -> Instance:
    """Small instances with many ties and zeros, spans of up to four words."""
    words = draw(st.integers(1, most_words))
    spans = [(a, b) for a in range(words) for b in range(a + 1, min(a + 4, words) + 1)]
    entities = draw(st.integers(1, most_entities))
    values = draw(
        st.lists(
            st.sampled_from([0.0, 0.0, 0.2, 0.4, 0.5, 0.7, 1.0]),
            min_size=entities * len(spans),
            max_size=entities * len(spans),
        )
    )
    starts, ends = np.array(spans, dtype=np.int64).T
    scores = with_tie_bonus(np.array(values).reshape(entities, len(spans)), starts, ends)
    return Instance(scores, starts, ends, np.ones(entities, dtype=np.int64))


def objective(instance: Instance, chosen: tuple[tuple[int, int], ...]) -> float:
    return float(sum(instance.scores[pair] for pair in chosen))


def check_feasible(instance: Instance, solution: Solution) -> None:
    words = [
        word for _, t in solution.chosen for word in range(instance.starts[t], instance.ends[t])
    ]
    entities = [s for s, _ in solution.chosen]
    assert len(words) == len(set(words))
    assert len(entities) == len(set(entities))
    assert all(instance.scores[pair] > 0 for pair in solution.chosen)


def brute_force(instance: Instance) -> float:
    """Try every assignment of a candidate, or none, to every entity."""
    options = [[None, *np.flatnonzero(instance.scores[s] > 0)] for s in range(len(instance.scores))]
    best = 0.0
    for choice in product(*options):
        taken = [int(t) for t in choice if t is not None]
        words = [w for t in taken for w in range(instance.starts[t], instance.ends[t])]
        if len(words) == len(set(words)):
            pairs = tuple((s, int(t)) for s, t in enumerate(choice) if t is not None)
            best = max(best, objective(instance, pairs))
    return best


@given(instances(most_entities=3, most_words=4))
def test_the_exact_solver_equals_brute_force(instance: Instance) -> None:
    solution = solve_exactly(instance)
    assert solution is not None
    check_feasible(instance, solution)
    assert objective(instance, solution.chosen) == pytest.approx(brute_force(instance), abs=1e-9)


@given(instances())
def test_the_programme_equals_the_exact_solver_and_decides_ties_alike(instance: Instance) -> None:
    exact = solve_exactly(instance)
    programme = solve_programme(instance, solver="highs")
    assert exact is not None
    check_feasible(instance, programme)
    assert objective(instance, programme.chosen) == pytest.approx(
        objective(instance, exact.chosen), abs=1e-8
    )


@given(instances())
def test_word_rows_equal_pair_rows(instance: Instance) -> None:
    words = solve_programme(instance, solver="highs")
    pairs = solve_programme(instance, solver="highs", rows="pairs", pruned=False, relax_first=False)
    assert objective(instance, words.chosen) == pytest.approx(
        objective(instance, pairs.chosen), abs=1e-8
    )


@given(instances())
def test_the_optimum_is_at_least_greedy(instance: Instance) -> None:
    exact = solve_exactly(instance)
    assert exact is not None
    greedy = tuple(take_best(instance))
    check_feasible(instance, Solution(greedy, "feasible"))
    assert objective(instance, exact.chosen) >= objective(instance, greedy) - 1e-9


@given(instances())
def test_pruning_keeps_the_optimum_and_only_removes(instance: Instance) -> None:
    pruned = prune(instance.scores, instance.starts, instance.ends)
    assert ((pruned == instance.scores) | (pruned == 0)).all()
    lean = Instance(pruned, instance.starts, instance.ends, instance.capacity)
    before, after = solve_exactly(instance), solve_exactly(lean)
    assert before is not None
    assert after is not None
    assert objective(instance, after.chosen) == pytest.approx(
        objective(instance, before.chosen), abs=1e-9
    )


@given(instances())
def test_permuting_candidates_permutes_the_answer(instance: Instance) -> None:
    order = np.random.default_rng(len(instance.starts)).permutation(len(instance.starts))
    shuffled = Instance(
        instance.scores[:, order], instance.starts[order], instance.ends[order], instance.capacity
    )
    first, second = solve_exactly(instance), solve_exactly(shuffled)
    assert first is not None
    assert second is not None
    assert objective(instance, first.chosen) == pytest.approx(
        objective(shuffled, second.chosen), abs=1e-9
    )


@pytest.mark.skipif("cbc" not in available_solvers(), reason="CBC is not installed")
@pytest.mark.parametrize("seed", range(8))
def test_cbc_agrees_with_highs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    spans = [(a, b) for a in range(9) for b in range(a + 1, min(a + 5, 9) + 1)]
    starts, ends = np.array(spans).T
    scores = rng.random((4, len(spans))) * (rng.random((4, len(spans))) < 0.5)
    for sense in ("at_most", "exactly", "at_least"):
        one = Instance(with_tie_bonus(scores, starts, ends), starts, ends, np.full(4, 2), sense)
        highs, cbc = (solve_programme(one, solver=name) for name in ("highs", "cbc"))
        assert sum(highs.missing) == sum(cbc.missing)
        assert objective(one, highs.chosen) == pytest.approx(objective(one, cbc.chosen), abs=1e-6)


def test_a_crowded_instance_with_repeated_names_is_solved() -> None:
    """Twenty equal entities on twenty equal words: ties everywhere, and too many for the table."""
    starts = np.arange(20)
    scores = with_tie_bonus(np.ones((20, 20)), starts, starts + 1)
    one = Instance(scores, starts, starts + 1, np.ones(20, dtype=np.int64))
    assert solve_exactly(one) is None
    assert len(solve_programme(one, solver="highs").chosen) == 20
