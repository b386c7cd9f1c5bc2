"""Which source entity a gold span translates."""

from __future__ import annotations

import pytest

from core.evaluate.counterparts import find_counterparts
from core.evaluate.evidence import gather
from core.evaluate.outcomes import match_spans
from core.types import Projection, Span
from tests.unit.evaluate.builders import project, sentence, took


def counterparts(projection: Projection) -> dict[tuple[int, int], tuple[int, str]]:
    """Return entity and basis by the gold span's borders."""
    matches = match_spans(projection.pair.target.spans, projection.spans)
    found = find_counterparts(gather(projection), matches)
    return {
        (gold.start, gold.end): (entity, found.basis_of[gold])
        for gold, entity in found.entity_of.items()
    }


PEOPLE = sentence("Ann met Bob", (0, 1, "PER"), (2, 3, "PER"))
LEUTE = sentence("Anna traf Robert", (0, 1, "PER"), (2, 3, "PER"))


@pytest.mark.parametrize(
    ("projection", "expected"),
    [
        pytest.param(
            project(PEOPLE, LEUTE, took(1, 0, 1), linked="0-0 2-2"),
            {(0, 1): (1, "projected"), (2, 3): (0, "order")},
            id="an-exact-projection-outweighs-links",
        ),
        pytest.param(
            project(PEOPLE, LEUTE, linked="0-2 2-0"),
            {(0, 1): (1, "links"), (2, 3): (0, "links")},
            id="links-outweigh-order",
        ),
        pytest.param(
            project(PEOPLE, sentence("Bob und Robert", (0, 1, "PER"), (2, 3, "PER")), linked="0-0"),
            {(0, 1): (1, "text"), (2, 3): (0, "order")},
            id="written-alike-outweighs-a-link",
        ),
        pytest.param(
            project(
                sentence("the Dutch of Delft", (0, 2, "PER"), (3, 4, "LOC")),
                sentence("die Leute aus Delfter Land", (0, 2, "PER"), (3, 5, "LOC")),
                took(0, 3, 4),
                linked="3-3",
            ),
            {(3, 5): (1, "links"), (0, 2): (0, "order")},
            id="links-outweigh-an-overlap",
        ),
        pytest.param(
            project(
                sentence("Ann", (0, 1, "PER")),
                sentence("Frau Anna", (0, 2, "PER")),
                took(0, 1, 2),
            ),
            {(0, 2): (0, "overlap")},
            id="overlap",
        ),
        pytest.param(
            project(
                sentence("Ann", (0, 1, "PER")), sentence("Anna AG", (0, 2, "ORG")), took(0, 0, 1)
            ),
            {(0, 2): (0, "overlap")},
            id="overlap-with-another-class",
        ),
        pytest.param(
            project(PEOPLE, LEUTE),
            {(0, 1): (0, "order"), (2, 3): (1, "order")},
            id="order-of-equal-numbers",
        ),
        pytest.param(
            project(PEOPLE, sentence("Anna traf ihn", (0, 1, "PER"))),
            {},
            id="no-order-of-unequal-numbers",
        ),
        pytest.param(
            project(PEOPLE, LEUTE, linked=None),
            {(0, 1): (0, "order"), (2, 3): (1, "order")},
            id="without-alignment",
        ),
    ],
)
def test_evidence_from_strong_to_weak(
    projection: Projection, expected: dict[tuple[int, int], tuple[int, str]]
) -> None:
    assert counterparts(projection) == expected


BANK = sentence("Bank of Rome", (0, 3, "ORG"))
BANK_LOC = sentence("Banca di Roma", (0, 3, "LOC"))


def test_coverage_counts_the_words_of_both_sides() -> None:
    source = sentence("UN", (0, 1, "ORG"))
    target = sentence("Organizzazione delle Nazioni Unite", (0, 4, "LOC"))
    expected = {(0, 4): (0, "links")}
    assert counterparts(project(source, target, linked="0-0 0-2 0-3")) == expected
    assert counterparts(project(source, target, linked="0-0")) == {}


@pytest.mark.parametrize(
    ("linked", "expected"),
    [
        pytest.param("2-2", {}, id="a-stray-link-does-not-cross-classes"),
        pytest.param("0-0 2-2", {(0, 3): (0, "links")}, id="links-of-most-words-do"),
    ],
)
def test_links_across_classes(
    linked: str, expected: dict[tuple[int, int], tuple[int, str]]
) -> None:
    assert counterparts(project(BANK, BANK_LOC, linked=linked)) == expected


def test_the_class_decides_between_similar_links() -> None:
    source = sentence("Rome Rome", (0, 1, "ORG"), (1, 2, "LOC"))
    target = sentence("Roma", (0, 1, "LOC"))
    assert counterparts(project(source, target, linked="0-0 1-0")) == {(0, 1): (1, "links")}


def test_an_entity_projected_twice_keeps_its_exact_gold_span() -> None:
    source = sentence("Ann", (0, 1, "PER"))
    target = sentence("Anna und Annas Mann", (0, 1, "PER"), (2, 4, "PER"))
    projection = project(source, target, took(0, 0, 1), took(0, 2, 3))
    assert counterparts(projection) == {(0, 1): (0, "projected")}


def test_what_is_left_over_is_listed() -> None:
    target = sentence("Anna traf", (0, 1, "PER"))
    projection = project(PEOPLE, target, linked="2-0")
    matches = match_spans(target.spans, ())
    found = find_counterparts(gather(projection), matches)
    assert found.open_entities == [0]
    assert found.open_gold == []
    assert found.gold_of == {1: Span(0, 1, "PER")}
