"""Attack replay: what flips, and at which stage the clean and the perturbed run part."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cli import main
from core.config import ComponentChoice, RunConfig
from core.errors import ConfigError
from core.methods import method
from core.overview._replay_places import map_words, moved_links
from core.overview.replay import (
    PARTINGS,
    Attack,
    Flip,
    ReplayedPair,
    ReplayWork,
    follow,
    replay_pair,
    run_replay,
)
from core.perturbations import Change
from core.types import (
    Candidate,
    Decision,
    Labelling,
    Projection,
    Rival,
    Sentence,
    SentencePair,
    Span,
    WordTags,
)
from core.workflow import Workflow
from tests.builders import SameWords, alignment, pair
from tests.builders import sentence as words
from tests.command_line import run_json, write_corpus
from tests.property.strategies import spans as draw_spans
from tests.translators import Lookup, One
from tests.unit.evaluate.builders import FAILURE, links, lost, project, score_matrix, sentence, took

ADA, EVA = (0, 1, "PER"), (2, 3, "PER")
SOURCE = sentence("Ada met Eva", ADA, EVA)
TARGET = sentence("Ada traf Eva", ADA, EVA, language="de")
TYPO = Change(0, 1, 1, ("met",), ("mte",), "", "swap")
PERTURBED = sentence("Ada mte Eva", ADA, EVA)
ALL = [(0, 1), (0, 3), (2, 3)]


def both(clean: Projection, perturbed: Projection, *changes: Change) -> ReplayedPair:
    return replay_pair(1, clean, perturbed, changes or (TYPO,), side="source")


def only(clean: Projection, perturbed: Projection, *changes: Change) -> Flip:
    (flip,) = both(clean, perturbed, *changes).flips
    return flip


def run_of(*decisions: Decision, source: Sentence = PERTURBED, **more: Any) -> Projection:
    """Make a projection of the perturbed sentence; both entities are linked unless told."""
    return project(source, TARGET, *decisions, **{"linked": "0-0 2-2", **more})


def clean_of(*decisions: Decision, **more: Any) -> Projection:
    return run_of(*decisions, source=SOURCE, **more)


BOTH_TAKEN = (took(0, 0, 1), took(1, 2, 3))


# What is a flip, and what is not.


def test_the_same_outcome_is_no_flip_and_nothing_fails() -> None:
    found = both(clean_of(*BOTH_TAKEN), run_of(*BOTH_TAKEN))
    assert (found.flips, found.failures) == ((), ())


@pytest.mark.parametrize(
    ("before", "after", "kind", "effect"),
    [
        ((took(0, 0, 1), took(1, 2, 3)), (took(0, 0, 1), lost(1, "no-link")), "lost", "broken"),
        ((took(0, 0, 1), lost(1, "no-link")), (took(0, 0, 1), took(1, 2, 3)), "gained", "mended"),
        ((took(0, 0, 1), took(1, 1, 3)), (took(0, 0, 1), took(1, 2, 3)), "moved", "mended"),
        ((took(0, 0, 1), took(1, 1, 2)), (took(0, 0, 1), took(1, 1, 3)), "moved", "neither"),
        ((took(0, 0, 1), took(1, 1, 2)), (took(0, 0, 1), lost(1, "no-link")), "lost", "mended"),
        ((took(0, 0, 1), lost(1, "no-link")), (took(0, 0, 1), took(1, 1, 2)), "gained", "broken"),
    ],
)
def test_kinds_of_flips_and_what_they_mean_against_gold(
    before: Sequence[Decision], after: Sequence[Decision], kind: str, effect: str
) -> None:
    flip = only(clean_of(*before), run_of(*after))
    assert (flip.kind, flip.effect) == (kind, effect)
    assert (flip.subject.clean_entity, flip.subject.perturbed_entity) == (1, 1)
    without = only(clean_of(*before, has_gold=False), run_of(*after, has_gold=False))
    assert without.effect is None


def test_another_class_is_a_flip_even_on_the_same_words() -> None:
    source = sentence("Ada mte Eva", ADA, (2, 3, "LOC"))
    flip = only(clean_of(*BOTH_TAKEN), run_of(*BOTH_TAKEN, source=source))
    assert (flip.kind, flip.stage) == ("class", "labelling")
    assert flip.reason == "“Eva” is PER in the clean run and LOC in the other"


def test_entities_that_change_places_have_both_flipped() -> None:
    """The sentence has the same spans of the same class; they are other entities."""
    found = both(clean_of(*BOTH_TAKEN), run_of(took(0, 2, 3), took(1, 0, 1)))
    assert [(flip.kind, flip.subject.clean_entity) for flip in found.flips] == [
        ("moved", 1),
        ("moved", 0),
    ]


def test_a_span_of_the_same_class_is_the_counterpart() -> None:
    target = words("a b", "de")
    before, after = (
        project(sentence("x"), target, spans=[Span(*one) for one in found])
        for found in ([(0, 2, "PER")], [(0, 1, "LOC"), (1, 2, "PER")])
    )
    found = replay_pair(1, before, after, [TYPO], side="source")
    assert [flip.kind for flip in found.flips] == ["gained", "moved"]


def test_a_failed_run_is_failed_and_has_no_flips() -> None:
    failed = run_of(source=PERTURBED, failure=FAILURE, linked=None)
    for clean, perturbed, names in (
        (clean_of(*BOTH_TAKEN), failed, ["perturbed"]),
        (replace(failed, pair=clean_of().pair), run_of(*BOTH_TAKEN), ["clean"]),
        (failed, failed, ["clean", "perturbed"]),
    ):
        found = both(clean, perturbed)
        assert found.flips == ()
        assert [name for name, _ in found.failures] == names


def longer(before: int, after: int, start: int = 0) -> Change:
    """Make a change of the target that puts words in the place of others."""
    new = tuple(f"new{place}" for place in range(after))
    return Change(0, start, start, ("old",) * before, new, "", "longer")


def test_a_shift_alone_is_no_flip_and_a_cut_name_is() -> None:
    source = sentence("x Ada", (1, 2, "PER"))
    target = sentence("old Ada Lee", (1, 3, "PER"), language="de")
    moved = sentence("new0 new1 Ada Lee", (2, 4, "PER"), language="de")
    clean = project(source, target, took(0, 1, 3), linked="1-1 1-2")
    change = longer(1, 2)
    shifted = project(source, moved, took(0, 2, 4), linked="1-2 1-3")
    assert replay_pair(1, clean, shifted, [change], side="target").flips == ()
    cut = project(source, moved, took(0, 2, 3), linked="1-2 1-3")
    (flip,) = replay_pair(1, clean, cut, [change], side="target").flips
    assert (flip.kind, flip.stage) == ("moved", "unknown")
    assert flip.effect == "broken"


@st.composite
def shifted_pairs(draw: st.DrawFn) -> tuple[Projection, Projection, list[Change]]:
    """Draw a projection, and the same one after changes of its target that break no span."""
    size = draw(st.integers(1, 7))
    spans = draw(draw_spans(size, ("PER", "LOC")))
    cuts = sorted({0, size, *(edge for one in spans for edge in (one.start, one.end))})
    changes, border, shift = [], {0: 0}, 0
    for start, end in pairwise(cuts):
        if draw(st.booleans()):
            after = draw(st.integers(1, 3))
            new = tuple(f"n{place}" for place in range(after))
            old = ("w",) * (end - start)
            changes.append(Change(0, start, start + shift, old, new, "", "drawn"))
            shift += after - (end - start)
        border[end] = end + shift
    moved = [replace(one, start=border[one.start], end=border[one.end]) for one in spans]
    source = sentence("s " * size, *[(one.start, one.end, one.label) for one in spans])

    def made(found: Sequence[Span], length: int) -> Projection:
        decisions = [took(place, one.start, one.end) for place, one in enumerate(found)]
        return project(source, words("w " * length, "de"), *decisions)

    return made(spans, size), made(moved, size + shift), changes


@given(shifted_pairs())
def test_what_only_stands_elsewhere_never_flips(
    drawn: tuple[Projection, Projection, list[Change]],
) -> None:
    clean, perturbed, changes = drawn
    assert replay_pair(1, clean, perturbed, changes, side="target").flips == ()
    assert replay_pair(1, clean, clean, (), side="source").flips == ()


# Where the runs part.


def test_labelling_an_entity_that_only_one_run_has() -> None:
    source = sentence("Ada mte Eva", ADA)
    flip = only(clean_of(*BOTH_TAKEN), run_of(took(0, 0, 1), source=source))
    assert (flip.kind, flip.stage) == ("lost", "labelling")
    assert (flip.subject.clean_entity, flip.subject.perturbed_entity) == (1, None)
    flip = only(clean_of(took(0, 0, 1), lost(1, "no-link")), run_of(*BOTH_TAKEN))
    assert flip.stage != "labelling"  # the entity is there in both runs
    found = replay_pair(
        1, run_of(took(0, 0, 1), source=source), clean_of(*BOTH_TAKEN), [TYPO], side="source"
    )
    assert [(one.kind, one.stage) for one in found.flips] == [("gained", "labelling")]


def test_labelling_an_entity_with_other_borders() -> None:
    source = sentence("Ada mte Eva", ADA, (1, 3, "PER"))
    flip = only(clean_of(*BOTH_TAKEN), run_of(took(0, 0, 1), took(1, 1, 3), source=source))
    assert (flip.kind, flip.stage) == ("moved", "labelling")
    assert flip.reason == "the clean run has “Eva” as PER, the other one has “mte Eva” as PER"


def test_other_borders_that_come_out_alike_are_no_flip() -> None:
    source = sentence("Ada mte Eva", ADA, (1, 3, "PER"))
    assert both(clean_of(*BOTH_TAKEN), run_of(*BOTH_TAKEN, source=source)).flips == ()


def test_alignment_other_words_are_linked() -> None:
    flip = only(
        clean_of(*BOTH_TAKEN),
        run_of(took(0, 0, 1), took(1, 1, 2), linked="0-0 2-1", candidates=ALL),
    )
    assert flip.stage == "alignment"
    assert flip.reason == "its words lost the link “Eva” – “Eva” and got the link “Eva” – “traf”"


def test_links_of_other_words_do_not_part_the_runs() -> None:
    flip = only(
        clean_of(*BOTH_TAKEN, linked="0-0 1-1 2-2"), run_of(took(0, 0, 1), lost(1, "no-score"))
    )
    assert flip.stage == "unknown"


def test_a_name_with_more_words_keeps_its_links() -> None:
    """A replaced run is one unit: that it has more words, all linked, is no other alignment."""
    change = Change(0, 0, 0, ("Ada",), ("Ann", "Lee"), "PER", "name")
    perturbed = project(
        sentence("Ann Lee met Eva", (0, 2, "PER"), (3, 4, "PER")),
        TARGET,
        lost(0, "no-score"),
        took(1, 2, 3),
        linked="0-0 1-0 3-2",
    )
    flip = only(clean_of(*BOTH_TAKEN), perturbed, change)
    assert (flip.kind, flip.stage) == ("lost", "unknown")
    assert (flip.subject.clean_entity, flip.subject.perturbed_entity) == (0, 0)
    without = replace(perturbed, trace=replace(perturbed.trace, alignment=alignment("3-2")))
    assert only(clean_of(*BOTH_TAKEN), without, change).stage == "alignment"


def test_candidates_the_span_that_won_is_not_proposed() -> None:
    flip = only(
        clean_of(*BOTH_TAKEN, candidates=ALL),
        run_of(took(0, 0, 1), lost(1, "no-candidate"), candidates=[(0, 1)]),
    )
    assert flip.stage == "candidates"
    assert flip.reason == "“Eva” was not proposed in the perturbed run"
    gained = only(
        clean_of(took(0, 0, 1), lost(1, "no-candidate"), candidates=[(0, 1)]),
        run_of(*BOTH_TAKEN, candidates=ALL),
    )
    assert gained.reason == "“Eva” was not proposed in the clean run"


def test_candidates_a_span_that_cuts_a_replaced_run() -> None:
    source = sentence("Ada", ADA)
    clean = project(source, words("a b", "de"), took(0, 1, 2), linked="0-0 0-1")
    perturbed = project(source, words("n", "de"), took(0, 0, 1), linked="0-0")
    change = Change(0, 0, 0, ("a", "b"), ("n",), "", "name")
    (flip,) = replay_pair(1, clean, perturbed, [change], side="target").flips
    assert (flip.kind, flip.stage) == ("moved", "candidates")
    assert "words that were replaced" in flip.reason


def test_candidates_come_before_scores() -> None:
    flip = only(
        scored(*BOTH_TAKEN, clean=True, one=[[1, 0, 0], [0, 0.4, 0.6]]),
        run_of(
            took(0, 0, 1),
            took(1, 0, 3),
            candidates=ALL[:2],
            scores=score_matrix(one=[[1, 0], [0, 0.5]]),
        ),
    )
    assert (flip.kind, flip.stage) == ("moved", "candidates")


def scored(*decisions: Decision, clean: bool = False, **terms: list[list[float]]) -> Projection:
    make = clean_of if clean else run_of
    return make(*decisions, candidates=ALL, scores=score_matrix(**terms))


def test_scores_the_rival_scores_more_now() -> None:
    flip = only(
        scored(*BOTH_TAKEN, clean=True, one=[[1, 0, 0], [0, 0.4, 0.6]], two=[[1, 0, 0], [0, 0, 0]]),
        scored(
            took(0, 0, 1),
            took(1, 0, 3),
            one=[[1, 0, 0], [0, 0.5, 0.6]],
            two=[[1, 0, 0], [0, 0.3, 0]],
        ),
    )
    assert (flip.kind, flip.stage, flip.term) == ("moved", "scores", "two")
    assert flip.reason == ("“Eva” scored 0.60 to 0.40 of “Ada traf Eva”; now it is 0.60 to 0.80")


def test_scores_too_little_and_enough() -> None:
    filtered = lost(1, "filtered", rivals=[Rival(Candidate(2, 3), 0.4, "filtered")])
    high = scored(*BOTH_TAKEN, clean=True, one=[[1, 0, 0], [0, 0, 1.5]])
    low = scored(took(0, 0, 1), filtered, one=[[1, 0, 0], [0, 0, 0.4]])
    flip = only(high, low)
    assert (flip.kind, flip.stage, flip.term) == ("lost", "scores", "one")
    assert flip.reason == "the score of “Eva” fell from 1.50 to 0.40, too little to be matched"
    flip = only(replace(low, pair=high.pair), replace(high, pair=low.pair))
    assert (flip.kind, flip.stage, flip.term) == ("gained", "scores", "one")
    assert flip.reason == "the score of “Eva” rose from 0.40 to 1.50, enough to be matched"


def test_matching_another_entity_holds_the_word_though_scores_moved() -> None:
    """Scores that keep the order of the spans do not part the runs."""
    rival = Rival(Candidate(2, 3), 0.8, "word", entity=0, word=2)
    flip = only(
        scored(*BOTH_TAKEN, clean=True, one=[[1, 0, 0], [0, 0, 0.9]]),
        scored(took(0, 0, 1), lost(1, "blocked", rivals=[rival]), one=[[1, 0, 0], [0, 0, 0.8]]),
    )
    assert (flip.kind, flip.stage, flip.term) == ("lost", "matching", "")
    assert flip.reason == (
        "“Eva” was stopped in the perturbed run: its word “Eva” is held by PER “Ada”"
    )


def test_matching_the_one_that_holds_the_word_is_new() -> None:
    source = sentence("Ada mte Eva", ADA, (1, 2, "LOC"), EVA)
    rival = Rival(Candidate(2, 3), 0.9, "word", entity=1, word=2)
    found = both(
        scored(*BOTH_TAKEN, clean=True, one=[[1, 0, 0], [0, 0, 0.9]]),
        run_of(
            took(0, 0, 1),
            took(1, 2, 3),
            lost(2, "blocked", rivals=[rival]),
            source=source,
            linked="0-0 2-2",
            candidates=ALL,
            scores=score_matrix(one=[[1, 0, 0], [0, 0, 1], [0, 0, 0.9]]),
        ),
    )
    stages = {(flip.kind, flip.stage): flip.reason for flip in found.flips}
    assert set(stages) == {("lost", "matching"), ("gained", "labelling")}
    assert stages["lost", "matching"].endswith("LOC “mte”, which is no entity of the clean run")


def test_matching_a_span_is_freed() -> None:
    rival = Rival(Candidate(0, 3), 0.9, "word", entity=0, word=0)
    flip = only(
        scored(took(0, 0, 1), took(1, 2, 3, 0.5, rivals=[rival]), clean=True,
               one=[[1, 0, 0], [0, 0.9, 0.5]]),
        scored(took(0, 0, 1), took(1, 0, 3, 0.9), one=[[1, 0, 0], [0, 0.9, 0.5]]),
    )  # fmt: skip
    assert (flip.kind, flip.stage) == ("moved", "matching")
    assert "stopped in the clean run only" in flip.reason


def test_matching_a_tie() -> None:
    equal: dict[str, list[list[float]]] = {"one": [[1, 0, 0], [0, 0.5, 0.5]]}
    flip = only(scored(*BOTH_TAKEN, clean=True, **equal), scored(took(0, 0, 1), took(1, 0, 3),
                                                                 **equal))  # fmt: skip
    assert (flip.stage, flip.term) == ("matching", "")
    assert "ties" in flip.reason


def with_tags(projection: Projection, share: float) -> Projection:
    shares = np.full((3, 2), (1 - share, share), dtype=np.float32)
    tags = WordTags(("O", "B-PER"), shares)
    return replace(projection, trace=replace(projection.trace, target_tags=tags))


def test_tagging_where_nothing_is_projected() -> None:
    found = [
        project(source, TARGET, linked=None, spans=spans)
        for source, spans in ((SOURCE, [Span(*ADA)]), (PERTURBED, []))
    ]
    assert only(found[0], found[1]).stage == "unknown"
    flip = only(with_tags(found[0], 0.9), with_tags(found[1], 0.2))
    assert (flip.kind, flip.stage) == ("lost", "tagging")
    assert flip.subject.clean_entity is None
    told = {step.name: step for step in follow(both(*found), flip)}
    assert told["Target entity"].perturbed == "none"


def test_tagging_where_a_vote_overruled_the_projection() -> None:
    equal: dict[str, list[list[float]]] = {"one": [[1, 0, 0], [0, 0, 0.5]]}
    before = scored(*BOTH_TAKEN, clean=True, **equal)
    after = scored(took(0, 0, 1), lost(1, "outvoted"), **equal)
    assert only(with_tags(before, 0.9), with_tags(after, 0.2)).stage == "tagging"


def test_a_span_that_a_vote_brought_back_is_no_flip() -> None:
    voted = clean_of(took(0, 0, 1), lost(1, "outvoted"), spans=[Span(*ADA), Span(*EVA)])
    assert both(voted, run_of(*BOTH_TAKEN)).flips == ()


def test_marking_the_marked_translation_differs() -> None:
    before, after = (
        replace(one, trace=replace(one.trace, marked=words(text, "de", ADA)))
        for one, text in (
            (clean_of(*BOTH_TAKEN, linked=None), "Ada traf"),
            (run_of(took(0, 0, 1), lost(1, "marker-lost"), linked=None), "Ada begegnete"),
        )
    )
    assert only(before, after).stage == "marking"
    unlabelled = project(sentence("Ada mte Eva", ADA), TARGET, took(0, 0, 1), linked=None)
    assert only(before, replace(unlabelled, trace=after.trace)).stage == "labelling"


def test_translation_the_source_is_another_one() -> None:
    other = project(sentence("Ada saw her", ADA), TARGET, took(0, 0, 1), linked="0-0")
    change = Change(0, 1, 1, ("traf",), ("traf",), "", "typo")
    (flip,) = replay_pair(1, clean_of(*BOTH_TAKEN), other, [change], side="target").flips
    assert (flip.kind, flip.stage, flip.subject.clean_entity) == ("lost", "translation", 1)
    found = replay_pair(1, clean_of(*BOTH_TAKEN), other, [change], side="target")
    first = next(step for step in follow(found, flip) if step.state == "parts")
    assert (first.name, first.perturbed) == ("Translation", "“Ada saw her”")


def test_following_a_flip_tells_every_stage_and_marks_one() -> None:
    rival = Rival(Candidate(2, 3), 0.8, "word", entity=0, word=2)
    found = both(
        scored(*BOTH_TAKEN, clean=True, one=[[1, 0, 0], [0, 0, 0.9]]),
        scored(took(0, 0, 1), lost(1, "blocked", rivals=[rival]), one=[[1, 0, 0], [0, 0, 0.8]]),
    )
    steps = follow(found, found.flips[0])
    assert [(step.name, step.state) for step in steps] == [
        ("Changed words of the source", "changed"),
        ("Source entity", "same"),
        ("Links", "same"),
        ("Candidates", "same"),
        ("Scores", "differs"),
        ("Decision", "parts"),
        ("Target entity", "differs"),
    ]
    told = {step.name: (step.clean, step.perturbed) for step in steps}
    assert told["Changed words of the source"] == ("“met”", "“mte”")
    assert told["Candidates"] == ("“Eva” ranks 1 of 3",) * 2
    assert told["Scores"] == ("“Eva” 0.90 = one 0.90", "“Eva” 0.80 = one 0.80")
    assert told["Links"] == ("“Eva” – “Eva”",) * 2
    assert told["Target entity"] == ("“Eva” as PER", "none")


# Words and links through changes.


def test_words_through_changes() -> None:
    name = Change(0, 1, 1, ("New", "York"), ("Rome",), "LOC", "name")
    found = map_words(5, [name, Change(0, 4, 3, ("x",), ("y",), "", "typo")])
    assert found.clean_units == (0, 1, 1, 2, 3)
    assert found.perturbed_units == (0, 1, 2, 3)
    assert found.perturbed_place((1, 3)) == (1, 2)
    assert found.perturbed_place((1, 2)) is None
    assert found.perturbed_place((3, 5)) == (2, 4)
    assert found.clean_place((2, 4)) == (3, 5)
    assert found.hull((2, 4)) == (1, 3)
    same = map_words(3, [Change(0, 0, 0, ("a", "b"), ("c", "d"), "", "swap")])
    assert same.perturbed_place((1, 2)) == (1, 2)  # equally many: word by word


def test_links_that_came_with_the_pair_follow_the_words() -> None:
    given_pair = pair(SOURCE, TARGET, "0-0 2-2")
    change = Change(0, 0, 0, ("Ada",), ("Ann", "Lee"), "PER", "name")
    found = moved_links(given_pair, map_words(3, [change]), map_words(3))
    assert found == {"given": links("0-0 1-0 3-2")}


# Whole corpora.

HEURISTIC = method("heuristic").model_copy(update={"aligner": ComponentChoice(name="precomputed")})
ROME = words("Ada saw Rome", "en", ADA, (2, 3, "LOC"))
ROM = words("Ada sah Rome", "de", ADA, (2, 3, "LOC"))
PARIS = words("Eva saw New York", "en", ADA, (2, 4, "LOC"))
PARIS_DE = words("Eva sah New York", "de", ADA, (2, 4, "LOC"))
PAIRS = [
    pair(ROME, ROM, "0-0 2-2", pair_id="a"),
    pair(words("nothing here"), words("nichts hier", "de"), "", pair_id="b"),
    pair(PARIS, PARIS_DE, "0-0 2-2 3-3", pair_id="c"),
]
UPPER = ComponentChoice(name="case", parameters={"to": "upper", "where": "entities"})


@pytest.mark.parametrize("side", ["source", "target"])
def test_names_of_other_lengths_flip_nothing_where_the_links_are_given(side: Any) -> None:
    told: list[tuple[int, int]] = []
    attack = Attack(ComponentChoice(name="loc"), side=side, seed=1)
    found = run_replay(
        Workflow.from_config(HEURISTIC),
        PAIRS,
        attack,
        progress=lambda done, total: told.append((done, total)),
        corpus="c",
    )
    assert [(one.number, one.id) for one in found.pairs] == [(1, "a"), (2, "b"), (3, "c")]
    assert found.flips == ()
    assert (found.changed, len(found.failed)) == (2, 0)
    assert found.pairs[1].perturbed is found.pairs[1].clean  # left alone, so not run again
    assert found.pairs[1].unchanged == "it has no location"
    changed = found.pairs[0].perturbed
    assert getattr(changed.pair, side).words != getattr(PAIRS[0], side).words
    assert changed.spans == changed.pair.target.spans  # gold is carried through
    assert told[-1] == (6, 6)
    assert found.signature.startswith("corpus:c|method:heuristic|")
    assert found.signature.endswith(f"|perturb:loc|side:{side}|seed:1")


def test_a_perturbation_that_changes_nothing_flips_nothing() -> None:
    nothing = ComponentChoice(name="typos", parameters={"share": 0.0})
    found = run_replay(Workflow.from_config(HEURISTIC), PAIRS, Attack(nothing))
    assert (found.changed, found.flips) == (0, ())
    assert all(one.perturbed is one.clean for one in found.pairs)


@pytest.fixture
def same_words(monkeypatch: pytest.MonkeyPatch) -> Workflow:
    """Make a method that links words which are written alike."""
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(SameWords()))
    return Workflow.from_config(HEURISTIC)


def test_words_that_are_no_longer_alike_are_lost_in_alignment(same_words: Workflow) -> None:
    found = run_replay(same_words, PAIRS, Attack(UPPER))
    assert found.counts() == {"alignment": 4}
    data = json.loads(json.dumps(found.as_dict()))
    assert (data["sentences"], data["changed"], data["failures"]) == (3, 2, 0)
    assert (data["counts"], data["kinds"]) == ({"alignment": 4}, {"lost": 4})
    assert data["effects"] == {"broken": 4}
    first = data["flips"][0]
    assert (first["number"], first["id"], first["perturbed"]) == (1, "a", None)
    assert first["clean"] == {"start": 0, "end": 1, "label": "PER", "text": "Ada"}
    assert first["perturbed_entity"]["text"] == "ADA"
    assert first["changes"][0]["after"] == ["ADA"]
    assert [flip["clean"]["text"] for flip in data["flips"]] == ["Ada", "Rome", "Eva", "New York"]


class Capitals:
    """Takes words with a capital and small letters behind it for persons."""

    def label(self, sentences: Sequence[Sentence], progress: object = None) -> list[Labelling]:
        return [
            Labelling(
                tuple(
                    Span(place, place + 1, "PER")
                    for place, word in enumerate(one.words)
                    if word.istitle()
                )
            )
            for one in sentences
        ]

    def classes(self) -> tuple[str, ...]:
        return ("PER",)

    def release(self) -> None: ...


def test_a_labeller_sees_the_perturbed_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.workflow.LABELLERS", One(Capitals()))
    config = HEURISTIC.model_copy(update={"labeller": ComponentChoice(name="capitals")})
    found = run_replay(Workflow.from_config(config), PAIRS, Attack(UPPER))
    assert found.counts() == {"labelling": 5}  # New and York are two to this labeller
    unlabelled = [replace(one, source_labelled=False) for one in PAIRS]
    unlabelled = [replace(one, source=replace(one.source, spans=())) for one in unlabelled]
    # Whose entities nobody has given, the labeller's own are perturbed.
    assert run_replay(Workflow.from_config(config), unlabelled, Attack(UPPER)).counts() == {
        "labelling": 5
    }


def test_translations_of_a_perturbed_target_are_other_sentences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {"Ada sah Rome": "Ada saw Rome", "ADA sah ROME": "She saw it"}
    translator = Lookup(known)
    monkeypatch.setattr("core.workflow.LABELLERS", One(Capitals()))
    monkeypatch.setattr("core.workflow.TRANSLATORS", One(translator))
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(SameWords()))
    config = HEURISTIC.model_copy(
        update={name: ComponentChoice(name="x") for name in ("labeller", "translator")}
    )
    workflow = Workflow.from_config(config)
    found = run_replay(workflow, PAIRS[:1], Attack(UPPER, side="target"))
    assert found.counts() == {"translation": 2}
    translator.asked.clear()
    found = run_replay(workflow, PAIRS[:1], Attack(UPPER, side="source"))
    assert translator.asked.count("Ada sah Rome") == 1  # perturbed as it is, not made anew
    assert found.counts() == {"labelling": 2}
    assert found.pairs[0].perturbed.pair.links == {}  # those were of the corpus's own source


def test_a_pair_that_fails_once_perturbed_is_counted_as_failed() -> None:
    class Route:
        needs_source = True
        makes_target = False

        def run(self, config: RunConfig, pairs: Sequence[SentencePair]) -> list[Projection]:
            return [
                project(
                    one.source,
                    one.target,
                    spans=one.target.spans,
                    failure=FAILURE if one.source.text.isupper() else None,
                )
                for one in pairs
            ]

    attack = Attack(ComponentChoice(name="case", parameters={"to": "upper"}))
    found = run_replay(Workflow(HEURISTIC, None, None, Route()), PAIRS[:1], attack)  # type: ignore[arg-type]
    data = found.as_dict()
    assert (data["failures"], data["flips"], data["counts"]) == (1, [], {})
    (told,) = data["failed"]
    assert (told["number"], told["run"], told["code"]) == (1, "perturbed", FAILURE.code)


@pytest.mark.parametrize(("aligner", "again"), [("simalign", 2), ("eflomal", 3)])
def test_an_aligner_that_learns_from_the_corpus_gets_all_of_it_again(
    aligner: str, again: int
) -> None:
    sizes: list[int] = []

    class Route:
        needs_source = False

        def run(self, config: RunConfig, pairs: Sequence[SentencePair]) -> list[Projection]:
            sizes.append(len(pairs))
            return [project(one.source, one.target) for one in pairs]

    config = method("ilp").model_copy(update={"aligner": ComponentChoice(name=aligner)})
    workflow = Workflow(config, None, None, Route())  # type: ignore[arg-type]
    run_replay(workflow, PAIRS, Attack(UPPER, side="target"))
    assert sizes == [3, again]


def test_what_cannot_be_replayed_is_told_before_any_work() -> None:
    workflow = Workflow.from_config(HEURISTIC)
    typos = ComponentChoice(name="typos")
    for flow, pairs, attack, code in (
        (Workflow.from_config(method("model_transfer")), PAIRS, Attack(typos), "bad-config"),
        (workflow, PAIRS, Attack(ComponentChoice(name="p1")), "bad-config"),
        (workflow, PAIRS, Attack(typos, seed=-1), "bad-value"),
        (workflow, PAIRS, Attack(ComponentChoice(name="none")), "unknown-name"),
        (workflow, [pair(ROME, words("", "de"))], Attack(typos), "bad-config"),
    ):
        with pytest.raises(ConfigError) as caught:
            ReplayWork(flow, pairs, attack)
        assert caught.value.code == code
    with pytest.raises(ValueError, match="must be done"):
        ReplayWork(workflow, PAIRS, Attack(typos)).result()


# The command.


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(SameWords()))
    source = "Anna B-PER\nlives O\nin O\nRome B-LOC\n\nyes O\n"
    target = "Anna B-PER\nwohnt O\nin O\nRome B-LOC\n\nja O\n"
    words_given = write_corpus(tmp_path, source, target, "0-0 1-1 2-2 3-3\n0-0\n")
    return ["replay", *words_given, "--method", "heuristic", "--perturb", "case"]


def test_the_command_lists_flips_with_their_stage(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    data = run_json(capsys, *files, "--set", "perturbation.where=entities")
    assert set(data) >= {"flips", "counts", "sentences", "failures", "signature"}
    assert (data["sentences"], data["failures"], data["counts"]) == (2, 0, {"alignment": 2})
    assert "|perturb:case(where=entities)|side:source|seed:0" in data["signature"]
    assert main(files) == 0
    shown = capsys.readouterr().out
    assert "Rome (LOC) → none" in shown
    assert "2 flips (against gold: 2 broken) in 1 changed of 2 sentences" in shown


def test_the_command_follows_the_flips_of_one_pair(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    data = run_json(capsys, *files, "--id", "1")
    assert [flip["clean"]["text"] for flip in data["flips"]] == ["Anna", "Rome"]
    (parted,) = [one for one in data["flips"][0]["steps"] if one["state"] == "parts"]
    assert parted["name"] == "Links"
    assert main([*files, "--id", "1"]) == 0
    assert "> Links: “Anna” – “Anna”" in capsys.readouterr().out
    assert run_json(capsys, *files, "--id", "2")["flips"] == []
    assert run_json(capsys, *files, "--id", "9", exit_code=3)["error"] == "bad-value"


def test_the_command_takes_training_sentences(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words_given = [*files[:-1], "p1"]
    assert run_json(capsys, *words_given, exit_code=2)["error"] == "bad-config"
    train = tmp_path / "train.conll"
    train.write_text("Rome B-LOC\n", encoding="utf-8")
    data = run_json(capsys, *words_given, "--train-file", str(train), "--side", "target")
    assert data["signature"].endswith("|side:target|seed:0|train:train.conll")
    assert "no LOC that training lacks" in next(iter(data["unchanged"]))


def test_every_stage_has_a_meaning_on_the_page() -> None:
    from pages.sections.evaluate_flips import _MEANINGS

    assert tuple(_MEANINGS) == PARTINGS
