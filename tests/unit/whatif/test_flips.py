from __future__ import annotations

from itertools import pairwise

import pytest

from core.config import RunConfig, ScoreChoice
from core.whatif.card import card, knob_changes, other_changes
from core.whatif.case import make_case, solve
from core.whatif.changes import moves
from core.whatif.edits import NO_EDITS, parse_edits
from core.whatif.flips import find_flips, places_of
from core.whatif.knobs import Knob, knob_of, knobs, turn
from tests.unit.whatif.cases import by_links, competing


def knob(config: RunConfig, key: str) -> Knob:
    found = knob_of(knobs(config), key)
    assert found is not None
    return found


def both_scores() -> RunConfig:
    return by_links().model_copy(
        update={"scores": (ScoreChoice(name="align"), ScoreChoice(name="surface"))}
    )


def test_the_knobs_are_those_of_the_methods_parts() -> None:
    keys = {one.key for one in knobs(by_links())}
    assert {
        "scores.align.weight", "scores.surface.weight", "projector.n", "projector.min_score",
        "candidates.ngram.max_len",
    } <= keys  # fmt: skip
    assert not any("nmt" in key or "ner" in key for key in keys)  # they need a model
    assert not any("emb.weight" in key for key in keys)  # no vectors are computed here


def test_turning_a_knob_changes_that_and_nothing_else() -> None:
    turned = turn(by_links(), {"projector.n": 2.0, "scores.surface.weight": 0.5})
    assert turned.projector.parameters == {"n": "2", "min_score": 0.9}
    assert [(one.name, one.weight) for one in turned.scores] == [("align", 1.0), ("surface", 0.5)]


@pytest.mark.parametrize("key", ["projector.min_score", "scores.align.weight", "projector.n"])
def test_flips_are_where_solving_every_position_finds_them(key: str) -> None:
    config = both_scores()
    case = make_case(config, competing())
    one = knob(config, key)
    track = find_flips(case, config, NO_EDITS, one, seconds=60)
    assert track.complete
    outcomes = []
    for value in one.positions():
        turned = turn(config, {key: value})
        if turned.scores:
            outcomes.append((value, places_of(solve(case, turned))))
    expected = [(low, high) for (low, old), (high, new) in pairwise(outcomes) if old != new]
    assert [(flip.before, flip.at) for flip in track.flips] == expected
    assert expected or key == "projector.n"


def test_without_time_a_track_says_that_it_is_not_complete() -> None:
    config = by_links()
    case = make_case(config, competing())
    track = find_flips(case, config, NO_EDITS, knob(config, "projector.min_score"), seconds=0)
    assert (track.flips, track.complete) == ((), False)


def test_the_card_names_winner_runner_up_and_blocker() -> None:
    case = make_case(by_links(), competing())
    projection = solve(case, by_links())
    lost = card(projection, 1)
    assert lost.title == "B LOC “China”"
    assert lost.options[0].role == "blocked"
    assert lost.options[0].text == "China"
    assert "held by ORG “Bank of China”" in lost.options[0].blocker
    won = card(projection, 0)
    assert (won.options[0].role, won.options[0].text) == ("chosen", "Bank von China")
    assert won.options[0].parts == {"align": pytest.approx(1.0)}
    assert won.margin == pytest.approx(won.options[0].score - won.options[1].score)


def test_every_change_that_the_card_names_does_what_it_says() -> None:
    config = both_scores()
    case = make_case(config, competing())
    projection = solve(case, config)
    tracks = [find_flips(case, config, NO_EDITS, one, seconds=60) for one in knobs(config)]
    tried = 0
    for entity in (0, 1):
        before = [one for one in places_of(projection) if one[0] == entity]
        changes = knob_changes(projection, entity, tracks)
        changes += other_changes(case, config, NO_EDITS, projection, entity, seconds=60)
        for change in changes:
            tried += 1
            if change.kind == "knob":
                after = solve(case, turn(config, {change.knob: change.value}))
            elif change.link is not None:
                assert case.alignment is not None
                link = change.link
                after = solve(
                    case, config, NO_EDITS.toggle_link(link.source, link.target, case.alignment)
                )
            else:
                assert change.ban is not None
                after = solve(case, config, NO_EDITS.ban(change.ban))
            own = [one for one in places_of(after) if one[0] == entity]
            assert own != before, change
            named = [after.pair.target.text_of(one) for one in after.spans] or ["not projected"]
            assert any(text in change.outcome for text in [*named, "not projected"]), change
    assert tried >= 4


def test_moves_name_what_came_went_and_moved() -> None:
    config = by_links()
    case = make_case(config, competing())
    before = solve(case, config)
    after = solve(case, config, parse_edits("=1:3-4"))
    kinds = {(one.kind, one.entity, one.better) for one in moves(before, after)}
    assert kinds == {("lost", "A", False), ("gained", "B", False)}
    back = {(one.kind, one.entity, one.better) for one in moves(after, before)}
    assert back == {("gained", "A", True), ("lost", "B", True)}
    longer = solve(case, config, parse_edits("=0:0-4"))
    assert [one.text for one in moves(before, longer)] == [
        "A ORG moved from “Bank von China” [1, 4) to “Die Bank von China” [0, 4)"
    ]
    assert moves(before, before) == ()
