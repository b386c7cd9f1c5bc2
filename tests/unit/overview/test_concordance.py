"""What words and entities were linked to."""

from __future__ import annotations

import pytest

from core.overview.concordance import ConcordanceIndex, words_text
from core.overview.outcomes import CorpusRun, outcome_of
from core.types import Projection
from tests.unit.evaluate.builders import FAILURE, lost, project, sentence, took

PAIRS = (
    project(
        sentence("the New York bank", (1, 3, "LOC")),
        sentence("die Bank in New York"),
        took(0, 3, 5),
        linked="0-0 1-3 2-4 3-1",
    ),
    project(
        sentence("The bank of New York", (3, 5, "LOC")),
        sentence("das Ufer von New York"),
        lost(0, "no-link"),
        linked="0-0 1-1 1-3",
    ),
    project(sentence("a bank", (1, 2, "ORG")), sentence("eine Bank"), linked=None, failure=FAILURE),
    project(sentence("bank"), sentence("BANK"), linked="0-0"),
)


def index(*projections: Projection) -> ConcordanceIndex:
    outcomes = tuple(map(outcome_of, projections or PAIRS))
    return ConcordanceIndex(CorpusRun("run", outcomes)).build()


def test_a_word_with_its_translations_most_frequent_first() -> None:
    found = index().find("Bank")
    told = [(one.text, [place.number for place in one.places]) for one in found.translations]
    assert told == [("Bank", [1, 4]), ("Ufer … New", [2])]
    assert [(place.number, place.failed) for place in found.unlinked] == [(3, True)]
    assert found.total == 4


def test_places_say_what_to_highlight() -> None:
    found = index().find("the")
    assert [(one.source, one.target) for one in found.translations[0].places] == [((0,), (0,))]
    assert {one.text for one in found.translations} == {"die", "das"}


def test_words_in_a_row_must_be_the_whole_text() -> None:
    assert index().find("new  YORK").translations[0].places[0].source == (1, 2)
    assert index().find("New York").total == 2
    for query in ("newyork", "york new", "ban", "  "):
        assert index().find(query).total == 0


def test_the_other_side() -> None:
    found = index().find("bank", side="target")
    assert [(one.text, len(one.places)) for one in found.translations] == [("bank", 2)]
    assert found.translations[0].places[0].source == (3,)
    assert [place.number for place in found.unlinked] == [3]


def test_an_entity_is_linked_to_what_it_was_projected_to() -> None:
    found = index().find("new york", unit="entity")
    assert [(one.text, one.places[0].entity) for one in found.translations] == [("New York", 0)]
    assert [(place.number, place.failed) for place in found.unlinked] == [(2, False)]
    assert index().find("york", unit="entity").total == 0
    back = index().find("New York", side="target", unit="entity")
    assert (back.total, back.translations[0].places[0].source) == (1, (1, 2))


def test_text_without_spaces_is_found_however_it_is_split() -> None:
    source = sentence("São Paulo", (0, 2, "LOC"))
    for split in ("去 圣保罗 了", "去 圣 保罗 了"):
        target = sentence(split, language="zh")
        first = split.split().index("圣保罗" if "圣保罗" in split else "圣")
        links = f"0-{first} 1-{first}"
        found = index(project(source, target, linked=links)).find("圣保罗", side="target")
        assert [one.text for one in found.translations] == ["São Paulo"]


def test_gaps_between_words_are_marked() -> None:
    assert words_text(sentence("a b c d"), (0, 1, 3)) == "a b … d"
    assert words_text(sentence("a b"), ()) == ""


def test_as_json() -> None:
    data = index().find("the").as_dict()
    assert (data["total"], data["side"], len(data["translations"])) == (2, "source", 2)


@pytest.mark.slow
def test_a_query_finds_every_place_in_five_thousand_sentences() -> None:
    assert index(*PAIRS[:2] * 2500).find("bank").total == 5000
