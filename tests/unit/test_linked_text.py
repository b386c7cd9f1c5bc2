"""What a linked view is told about a projection."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.explain import typed_pair
from core.linked_text import (
    EDIT_SCRIPTS,
    STYLE,
    VIEW_SCRIPTS,
    Marks,
    class_styles,
    decision_of,
    direction,
    linked_text_data,
)
from core.types import (
    Alignment,
    Candidate,
    Decision,
    EntityCandidate,
    Failure,
    Link,
    Projection,
    Rival,
    ScoreMatrix,
    Span,
    Trace,
)

ASSETS = Path(__file__).parents[2] / "assets"
CANDIDATES = tuple(Candidate(start, start + 1, ("ngram",)) for start in range(3))


def projection() -> Projection:
    pair = typed_pair("[PER Ada] in [LOC Rom]", "[PER Ada] in [LOC Rom]", "en", "ar")
    total = np.array([[2.0, 0.0, 0.5], [0.0, 0.0, 1.0]])
    rival = Rival(CANDIDATES[2], 1.0, "banned")
    decisions = (
        Decision(0, CANDIDATES[0], "chosen", 2.0, {"emb": 2.0}, CANDIDATES[2], 0.5, 1.5),
        Decision(1, None, "banned", runner_up=CANDIDATES[2], blocked_by=(rival,)),
    )
    trace = Trace(
        alignment=Alignment((Link(0, 0), Link(2, 2, sure=False)), np.ones((3, 3), np.float32)),
        candidates=CANDIDATES,
        scores=ScoreMatrix({"emb": total}, {"emb": 1.0}, total),
    )
    return Projection(pair, "default", (Span(0, 1, "PER"),), decisions, trace)


def badges(sentence: dict[str, Any]) -> list[list[str]]:
    return [[badge["text"] for badge in word["badges"]] for word in sentence["words"]]


def test_words_carry_entities_gold_and_badges() -> None:
    data = linked_text_data(projection())
    ada, _, rome = data["target"]["words"]
    assert badges(data["source"]) == [["A PER"], [], ["B LOC"]]
    assert badges(data["target"]) == [["A PER ✓"], [], ["gold LOC"]]
    assert (ada["style"], rome["style"], rome["gold"]) == ("s0", "", "s1")
    assert (ada["entity"], rome["entity"]) == (0, None)
    assert [word["gap"] for word in data["source"]["words"]] == ["", " ", " "]
    assert data["target"]["language_name"] == "Arabic (ar)"
    assert (data["source"]["direction"], data["target"]["direction"]) == ("auto", "rtl")
    assert data["long"] is False


def test_it_is_plain_json_also_where_numbers_are_numpys() -> None:
    base = projection()
    links = tuple(Link(np.int64(0), np.int64(column)) for column in range(3))  # type: ignore[arg-type]
    odd = replace(base, trace=replace(base.trace, alignment=Alignment(links)))
    marks = Marks(0, (EntityCandidate(0, 0, 1),), (EntityCandidate(1, 2, 3),), links, links[:1], ())
    assert json.loads(json.dumps(linked_text_data(odd, marks))) == linked_text_data(odd, marks)


def test_candidates_are_the_best_and_say_what_became_of_them() -> None:
    ada, rome = linked_text_data(projection())["candidates"]
    assert [(one["text"], one["score"], one["role"]) for one in ada] == [
        ("Ada", 2.0, "chosen"),
        ("Rom", 0.5, "runner-up"),
    ]
    assert [(one["text"], one["role"], one["blocked"]) for one in rome] == [
        ("Rom", "runner-up", "banned")
    ]
    assert ada[0]["origins"] == ["ngram"]


def test_few_candidates_keep_what_was_decided_and_what_is_fixed() -> None:
    marks = Marks(pins=(EntityCandidate(0, 1, 3),), bans=(EntityCandidate(1, 0, 1),))
    ada, rome = linked_text_data(projection(), marks, candidates_per_entity=0)["candidates"]
    assert [(one["text"], one["score"]) for one in ada] == [
        ("Ada", 2.0),
        ("Rom", 0.5),
        ("in Rom", None),
    ]
    assert [(one["text"], one["score"]) for one in rome] == [("Rom", 1.0), ("Ada", 0.0)]


def test_a_method_without_scores_shows_what_its_decisions_tell() -> None:
    base = projection()
    rival = Rival(CANDIDATES[1], 0.0, "word", entity=1, word=1)
    decisions = (Decision(0, CANDIDATES[0], "chosen", blocked_by=(rival,)),)
    plain = replace(base, decisions=decisions, trace=replace(base.trace, scores=None))
    ada, rome = linked_text_data(plain)["candidates"]
    assert [(one["text"], one["score"], one["role"]) for one in ada] == [
        ("Ada", None, "chosen"),
        ("in", None, "rival"),
    ]
    assert rome == []


def test_links_of_a_person_are_marked_and_removed_ones_told_apart() -> None:
    marks = Marks(added=(Link(1, 1),), removed=(Link(0, 0),))
    data = linked_text_data(projection(), marks)
    assert [(one["source"], one["target"], one["sure"], one["added"]) for one in data["links"]] == [
        (1, 1, True, True),
        (2, 2, False, False),
    ]
    assert data["removed"] == [{"source": 0, "target": 0}]
    assert data["links"][0]["similarity"] == 1.0


def test_pins_and_bans_are_on_the_badges() -> None:
    marks = Marks(pins=(EntityCandidate(0, 0, 1),), bans=(EntityCandidate(1, 2, 3),))
    data = linked_text_data(projection(), marks)
    assert data["source"]["words"][0]["badges"][0]["pinned"] is True
    assert data["target"]["words"][0]["badges"][0]["title"] == "as in gold, pinned"
    kinds = [badge["kind"] for badge in data["target"]["words"][2]["badges"]]
    assert kinds == ["gold", "banned"]
    assert data["spans"][0]["pinned"] is True


def test_what_differs_from_the_stored_run_is_marked_on_both_runs_spans() -> None:
    data = linked_text_data(projection(), Marks(baseline=(Span(2, 3, "LOC"),)))
    ada, _, rome = data["target"]["words"]
    assert (ada["moved"], rome["moved"], rome["lost"]) == (True, False, True)
    assert badges(data["target"])[2] == ["gold LOC", "was LOC"]
    assert "ring" in data["target"]["note"]
    same = linked_text_data(projection(), Marks(baseline=projection().spans))
    assert not any(word["moved"] or word["lost"] for word in same["target"]["words"])
    assert "ring" not in same["target"]["note"]
    assert not any(word["moved"] for word in linked_text_data(projection())["target"]["words"])


@pytest.mark.parametrize(("selected", "told"), [(None, None), (1, 1), (2, None), (-1, None)])
def test_only_an_entity_that_is_there_is_selected(selected: int | None, told: int | None) -> None:
    assert linked_text_data(projection(), Marks(selected=selected))["selected"] == told


def test_a_failed_sentence_shows_its_entities_and_gold_only() -> None:
    base = projection()
    failed = Projection(base.pair, "default", (), (), Trace(), Failure("align", "x", "no"))
    data = linked_text_data(failed)
    assert badges(data["target"]) == [["gold PER"], [], ["gold LOC"]]
    assert (data["spans"], data["links"], data["candidates"]) == ([], [], [[], []])
    assert "failed" in data["target"]["note"]


def test_without_gold_nothing_is_right_or_wrong() -> None:
    base = projection()
    data = linked_text_data(replace(base, pair=replace(base.pair, has_gold=False)))
    assert badges(data["target"]) == [["A PER"], [], []]
    assert (data["gold"], data["spans"][0]["verdict"]) == ([], "")


def test_a_span_without_a_decision_belongs_to_no_entity() -> None:
    base = projection()
    other = replace(base, spans=(Span(1, 2, "ORG"),), decisions=())
    data = linked_text_data(other)
    assert data["spans"][0]["entity"] is None
    assert badges(data["target"])[1] == ["ORG ✗"]
    assert decision_of(other, other.spans[0]) is None


def test_foreign_words_get_a_reading_only_where_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    import core.linked_text.sentences as sentences

    def spell(words: tuple[str, ...], language: str) -> tuple[str, ...]:
        return tuple(f"{language}:{word}" for word in words)

    monkeypatch.setattr(sentences, "romanise_words", spell)
    told = linked_text_data(projection())["target"]["words"]
    assert [word["roman"] for word in told] == ["ar:Ada", "ar:in", "ar:Rom"]
    bare = linked_text_data(projection(), romanised=False)["target"]["words"]
    assert [word["roman"] for word in bare] == ["", "", ""]


def test_classes_have_fixed_colours_and_others_their_own() -> None:
    styles = class_styles(["PER", "X", "Y"])
    assert class_styles(["Y", "X"])["X"] == styles["X"]
    assert len({styles[label] for label in ("PER", "LOC", "ORG", "MISC", "X", "Y")}) == 6


def test_the_usual_classes_are_offered_and_those_of_the_pair() -> None:
    pair = typed_pair("[DATE today]", "[WORK heute]", "en", "de")
    data = linked_text_data(Projection(pair, "default", (), (), Trace()))
    labels = [one["label"] for one in data["classes"]]
    assert labels == ["PER", "LOC", "ORG", "MISC", "DATE", "WORK"]


@pytest.mark.parametrize(("language", "expected"), [("ur-PK", "rtl"), ("en", "auto")])
def test_direction(language: str, expected: str) -> None:
    assert direction(language) == expected


def test_all_scripts_are_there_and_only_the_entry_exports() -> None:
    for name in (*VIEW_SCRIPTS, *EDIT_SCRIPTS, STYLE):
        text = (ASSETS / name).read_text(encoding="utf-8")
        assert "innerHTML" not in text
        assert not any(line.startswith(("export", "import")) for line in text.splitlines()), name
