"""The heuristic projector: every option of the definition."""

from __future__ import annotations

import pytest

from core.matching.runs import contiguous_runs, merge_runs
from core.projectors.heuristic import Heuristic
from core.types import Problem
from tests.builders import problem


def _chosen(one: Problem, **options: object) -> list[tuple[int, int, int]]:
    matching = Heuristic(**options).project(one)  # type: ignore[arg-type]
    return [
        (d.entity, d.candidate.start, d.candidate.end) for d in matching.decisions if d.candidate
    ]


GAP = problem("a b c d", "A x B C y z D", ((0, 4, "X"),), "0-0 1-2 2-3 3-6")


@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        (0, [(0, 0, 1), (0, 2, 4), (0, 6, 7)]),
        (1, [(0, 0, 4), (0, 6, 7)]),
        (2, [(0, 0, 7)]),
    ],
)
def test_gaps_up_to_the_distance_are_bridged(
    distance: int, expected: list[tuple[int, int, int]]
) -> None:
    assert _chosen(GAP, merge_distance=distance) == expected


def test_only_i_keeps_a_second_mention_apart() -> None:
    twice = problem("New York", "New York x New York", ((0, 2, "L"),), "0-0 1-1 0-3 1-4")
    assert _chosen(twice) == [(0, 0, 5)]
    assert _chosen(twice, only_i=True) == [(0, 0, 2), (0, 3, 5)]


def test_the_threshold_is_strict() -> None:
    half = problem("a b", "A x y B", ((0, 2, "X"),), "0-0 1-3")
    assert _chosen(half, threshold=0.49) == [(0, 0, 1), (0, 3, 4)]
    assert _chosen(half, threshold=0.5) == []
    assert Heuristic(threshold=0.5).project(half).decisions[0].reason == "filtered"


def test_top_k_keeps_the_longest_runs() -> None:
    assert _chosen(GAP, merge_distance=0, top_k=1) == [(0, 2, 4)]
    assert _chosen(GAP, merge_distance=0, top_k=2) == [(0, 0, 1), (0, 2, 4)]


def test_the_hull_spans_from_first_to_last_link() -> None:
    assert _chosen(GAP, merge_distance=0, hull=True) == [(0, 0, 7)]


def test_earlier_entities_keep_their_words() -> None:
    clash = problem("a b", "A B", ((0, 1, "X"), (1, 2, "Y")), "0-0 1-0 1-1")
    assert _chosen(clash) == [(0, 0, 1)]
    second = Heuristic().project(clash).decisions[1]
    assert (second.reason, second.blocked_by[0].word) == ("blocked", 0)


def test_links_to_punctuation_are_dropped() -> None:
    comma = problem("Rome now", "Rom , jetzt", ((0, 1, "L"),), "0-0 0-1 1-2")
    assert _chosen(comma) == [(0, 0, 1)]


def test_complete_source_wants_every_word_linked() -> None:
    partly = problem("a b c", "A C", ((0, 2, "X"), (2, 3, "Y")), "0-0 2-1")
    assert _chosen(partly, complete_source=True) == [(1, 1, 2)]


def test_complete_target_wants_contiguous_links() -> None:
    assert _chosen(GAP, complete_target=True) == []


def test_complete_instance_drops_a_sentence_with_a_miss() -> None:
    missed = problem("a b", "A B", ((0, 1, "X"), (1, 2, "Y")), "0-0")
    assert _chosen(missed) == [(0, 0, 1)]
    assert _chosen(missed, complete_instance=True) == []
    assert [d.reason for d in Heuristic(complete_instance=True).project(missed).decisions] == [
        "filtered",
        "no-link",
    ]


def test_runs() -> None:
    assert contiguous_runs([0, 1, 4, 6, 7]) == [(0, 2), (4, 5), (6, 8)]
    assert merge_runs([(0, 2), (4, 5)], 2) == [(0, 5)]
    assert merge_runs([(0, 2), (4, 5)], 2, keep_apart=frozenset({4})) == [(0, 2), (4, 5)]
