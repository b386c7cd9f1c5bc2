from __future__ import annotations

import pytest

from core.config import ScoreChoice
from core.errors import ConfigError
from core.types import EntityCandidate, Span
from core.whatif.case import Case, evidence_key, make_case, solve
from core.whatif.edits import Edits, parse_edits
from core.workflow import Workflow
from tests.unit.whatif.cases import by_links, competing


@pytest.fixture
def case() -> Case:
    return make_case(by_links(), competing())


def places(projection_spans: tuple[Span, ...]) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in projection_spans]


def test_without_edits_a_case_is_solved_as_the_workflow_does(case: Case) -> None:
    config = by_links()
    expected = Workflow.from_config(config).run([competing()])[0]
    found = solve(case, config)
    assert (found.spans, found.decisions) == (expected.spans, expected.decisions)
    assert places(found.spans) == [(1, 4, "ORG")]


def test_pins_and_bans_are_solved_anew(case: Case) -> None:
    pinned = solve(case, by_links(), parse_edits("=1:3-4"))
    assert places(pinned.spans) == [(3, 4, "LOC")]
    assert pinned.decisions[1].reason == "pinned"
    banned = solve(case, by_links(), parse_edits("!0:1-4"))
    assert (1, 4, "ORG") not in places(banned.spans)


def test_edited_links_move_the_entities(case: Case) -> None:
    found = solve(case, by_links(), parse_edits("-4-3 +4-6"))
    assert places(found.spans) == [(1, 4, "ORG"), (6, 7, "LOC")]
    # The case itself is as it was.
    assert places(solve(case, by_links()).spans) == [(1, 4, "ORG")]


def test_edited_entities_are_projected(case: Case) -> None:
    found = solve(case, by_links(), parse_edits("@3-4:MISC"))
    assert places(found.spans) == [(4, 5, "MISC")]
    assert found.pair.source.spans == (Span(3, 4, "MISC"),)


def test_pins_that_clash_are_named_not_solved(case: Case) -> None:
    clash = Edits(pins=(EntityCandidate(0, 1, 4), EntityCandidate(1, 3, 4)))
    with pytest.raises(ConfigError) as caught:
        solve(case, by_links(), clash)
    assert caught.value.code == "clashing-pins"


def test_known_scores_are_not_computed_again(case: Case) -> None:
    solve(case, by_links())
    known = dict(case.terms)
    assert known
    solve(case, by_links(min_score=0.5))
    assert dict(case.terms).keys() == known.keys()
    solve(case, by_links(), parse_edits("+0-0"))
    assert len(case.terms) > len(known)


def test_weights_and_matching_share_the_evidence_and_the_encoder_does_not() -> None:
    config = by_links()
    same = config.model_copy(update={"scores": (ScoreChoice(name="align", weight=2.0),)})
    meaning = config.model_copy(update={"scores": (ScoreChoice(name="emb"),)})
    assert evidence_key(same) == evidence_key(config) == evidence_key(by_links(n=2))
    assert evidence_key(meaning) != evidence_key(config)
