"""Laws of every registered projector."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import ConfigError
from core.projectors import PROJECTORS, Projector
from core.scores.align import Align
from core.stages import fuse
from core.types import EntityCandidate, Matching, Problem
from tests.builders import alignment, problem


@pytest.fixture(params=PROJECTORS.names())
def projector(request: pytest.FixtureRequest) -> Projector:
    return PROJECTORS.create(request.param)


def _with_scores(bare: Problem) -> Problem:
    return replace(bare, scores=fuse({"align": Align().compute(bare)}, {"align": 1.0}))


def _problems() -> list[Problem]:
    plain = problem("Anna sees Rome", "Anna sieht Rom", ((0, 1, "P"), (2, 3, "L")), "0-0 1-1 2-2")
    clash = problem("A B x", "ab y", ((0, 1, "P"), (1, 2, "L")), "0-0 1-0")
    split = problem("New York is", "York ist New", ((0, 2, "L"),), "0-2 1-0 2-1")
    none = problem("Anna sees", "sieht nichts", ((0, 1, "P"),), "")
    rng = np.random.default_rng(0)
    links = " ".join(f"{i}-{j}" for i in range(8) for j in range(8) if rng.random() < 0.25)
    dense = problem(
        "a b c d e f g h", "A B C D E F G H", ((0, 2, "X"), (2, 3, "Y"), (4, 8, "Z")), links
    )
    return [_with_scores(one) for one in (plain, clash, split, none, dense)]


def _chosen(matching: Matching) -> list[tuple[int, int, int]]:
    return [
        (d.entity, d.candidate.start, d.candidate.end)
        for d in matching.decisions
        if d.candidate is not None
    ]


@pytest.mark.parametrize("index", range(5))
def test_every_entity_is_decided_in_order(projector: Projector, index: int) -> None:
    one = _problems()[index]
    entities = [decision.entity for decision in projector.project(one).decisions]
    assert entities == sorted(entities)
    assert set(entities) == set(range(len(one.entities)))


@pytest.mark.parametrize("index", range(5))
def test_chosen_spans_are_disjoint_and_inside(projector: Projector, index: int) -> None:
    one = _problems()[index]
    words = [
        word for _, start, end in _chosen(projector.project(one)) for word in range(start, end)
    ]
    assert len(words) == len(set(words))
    assert all(0 <= word < len(one.target_words) for word in words)


def test_a_plain_pair_is_projected(projector: Projector) -> None:
    assert _chosen(projector.project(_problems()[0])) == [(0, 0, 1), (1, 2, 3)]


def test_of_two_entities_on_one_word_one_is_told_who_holds_it(projector: Projector) -> None:
    decisions = projector.project(_problems()[1]).decisions
    winner = next(d for d in decisions if d.candidate is not None)
    loser = next(d for d in decisions if d.candidate is None)
    assert loser.reason == "blocked"
    assert (loser.blocked_by[0].entity, loser.blocked_by[0].word) == (winner.entity, 0)


def test_an_entity_without_links_says_so(projector: Projector) -> None:
    (decision,) = projector.project(_problems()[3]).decisions
    assert (decision.candidate, decision.reason) == (None, "no-link")


def test_pins_are_kept_and_bans_never_chosen(projector: Projector) -> None:
    one = _problems()[0]
    pinned = replace(one, pins=(EntityCandidate(0, 1, 3),))
    matching = projector.project(pinned)
    assert (0, 1, 3) in _chosen(matching)
    assert matching.decisions[0].reason == "pinned"
    banned = replace(one, bans=(EntityCandidate(0, 0, 1),))
    assert (0, 0, 1) not in _chosen(projector.project(banned))


def test_pins_that_clash_are_named(projector: Projector) -> None:
    one = replace(_problems()[0], pins=(EntityCandidate(0, 0, 2), EntityCandidate(1, 1, 3)))
    with pytest.raises(ConfigError, match=r"entity 0 → words \[0, 2\) and entity 1") as raised:
        projector.project(one)
    assert raised.value.code == "clashing-pins"


def test_the_order_of_candidates_does_not_matter(projector: Projector) -> None:
    for one in _problems():
        order = np.random.default_rng(3).permutation(len(one.candidates))
        shuffled = _with_scores(
            replace(one, candidates=tuple(one.candidates[i] for i in order), scores=None)
        )
        assert _chosen(projector.project(shuffled)) == _chosen(projector.project(one))


def test_no_entities_no_decisions(projector: Projector) -> None:
    bare = replace(_problems()[0], entities=(), alignment=alignment(""), scores=None)
    assert projector.project(_with_scores(bare)).decisions == ()
