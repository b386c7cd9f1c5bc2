"""The scores on cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.scores.align import Align
from core.scores.content import Content
from core.scores.emb import Emb
from core.scores.surface import Surface, romanise
from core.types import PairVectors, Problem, SubwordVectors
from tests.builders import problem, random_pair_vectors


def _value(score: np.ndarray, one: Problem, start: int, end: int, entity: int = 0) -> float:
    columns = {(c.start, c.end): index for index, c in enumerate(one.candidates)}
    return float(score[entity, columns[start, end]])


def test_align_counts_links_or_covered_words() -> None:
    one = problem("a b", "A B C", ((0, 2, "X"),), "0-0 0-1 1-1")
    links = Align().compute(one)
    assert _value(links, one, 0, 2) == pytest.approx(2 * 3 / 4)
    words = Align(count="words").compute(one)
    assert _value(words, one, 0, 2) == pytest.approx((2 + 2) / 4)
    assert _value(words, one, 0, 1) == pytest.approx((1 + 1) / 3)
    assert words.max() <= 1


def test_content_forgives_a_gap_of_function_words() -> None:
    one = problem(
        "Ministry of Trade", "Ministerium für den oder die Handel", ((0, 3, "ORG"),), "0-0 2-5"
    )
    content = Content().compute(one)
    assert _value(content, one, 0, 6) > _value(content, one, 0, 1)
    links = Align().compute(one)
    assert _value(links, one, 0, 6) < _value(links, one, 0, 1)
    # covered: 2 of 2.1 in the source, 2 of 2.4 in the target
    assert _value(content, one, 0, 6) == pytest.approx((2 + 2) / (2.1 + 2.4))


def test_content_wants_links_at_both_edges_and_no_article_there() -> None:
    one = problem("the Hague", "den Haag ist", ((0, 2, "LOC"),), "0-0 1-1")
    content = Content(edge_factor=0.5).compute(one)
    assert _value(content, one, 1, 3) == 0
    assert _value(content, one, 0, 2) == pytest.approx(0.5)


def test_emb_is_the_cosine_of_means() -> None:
    one = problem("a b", "A B", ((0, 1, "X"), (1, 2, "Y")), "0-0")
    source = np.array([[1, 0], [0, 1]], dtype=np.float32)
    target = np.array([[1, 1], [-1, 0]], dtype=np.float32)
    index = np.arange(2)
    vectors = PairVectors(SubwordVectors(source, index, 2), SubwordVectors(target, index, 2))
    emb = Emb(centre=False).compute(one, vectors)
    assert _value(emb, one, 0, 1) == pytest.approx(1 / np.sqrt(2))
    assert _value(emb, one, 1, 2) == 0
    assert _value(emb, one, 0, 2, entity=1) == pytest.approx(1.0)
    linked = Emb(centre=False, linked_only=True).compute(one, vectors)
    assert _value(linked, one, 0, 1) > 0
    assert linked[1].max() == 0


def test_emb_leaves_out_unlinked_candidates_and_changes_no_other() -> None:
    one = problem("a b c", "A B C D", ((0, 1, "X"), (1, 3, "Y")), "0-0 0-1 1-1 1-2 2-0")
    vectors = random_pair_vectors(3, 4, seed=0)
    everything, linked = (Emb(linked_only=only).compute(one, vectors) for only in (False, True))
    assert linked.any()
    assert np.allclose(linked[linked > 0], everything[linked > 0])
    assert _value(linked, one, 3, 4) == 0


def test_a_word_without_a_vector_is_like_nothing() -> None:
    one = problem("a b", "A B", ((0, 1, "X"), (1, 2, "Y")), "0-0")
    rows = np.array([[1, 0], [0, 1]], dtype=np.float32)
    # the second word of either side has no subword; centred, it must not turn into minus the mean
    whole = SubwordVectors(rows, np.array([0, 0]), 2)
    emb = Emb().compute(one, PairVectors(whole, whole))
    assert _value(emb, one, 1, 2, entity=1) == 0
    seen = SubwordVectors(rows, np.array([0, 1]), 2)
    padded = SubwordVectors(rows, np.array([0, 1]), 3)
    three = problem("a b ?", "A B ?", ((0, 1, "X"),), "0-0")
    alone = Emb().compute(one, PairVectors(seen, seen))
    beside = Emb().compute(three, PairVectors(padded, padded))
    assert _value(alone, one, 0, 1) == pytest.approx(_value(beside, three, 0, 1))


@pytest.mark.parametrize("max_len", [1, 8])  # fewer spans than words, and many more
@pytest.mark.parametrize("centre", [True, False])
def test_emb_follows_its_formula_for_words_of_any_subwords(max_len: int, centre: bool) -> None:
    one = problem(
        "a b c d e", "A B C D E F G H", ((1, 3, "X"), (0, 5, "Y")), "0-0", max_len=max_len
    )
    rng = np.random.default_rng(0)
    source = SubwordVectors(rng.normal(size=(6, 4)).astype("f4"), np.array([0, 1, 1, 2, 3, 4]), 5)
    target = SubwordVectors(  # word 2 shares a subword with word 3, word 6 has none
        rng.normal(size=(6, 4)).astype("f4"),
        np.array([0, 1, 2, 3, 3, 4, 5, 7]),
        8,
        1,
        np.array([0, 1, 2, 2, 3, 4, 4, 5]),
    )
    expected = np.zeros((2, len(one.candidates)))
    words = [side.word_vectors().astype(float) for side in (source, target)]
    if centre:
        words[0] -= words[0].mean(axis=0)
        seen = [place for place in range(8) if place != 6]
        words[1][seen] -= words[1][seen].mean(axis=0)
    for row, entity in enumerate(one.entities):
        for column, candidate in enumerate(one.candidates):
            left = words[0][entity.start : entity.end].sum(axis=0)
            right = words[1][candidate.start : candidate.end].sum(axis=0)
            # Rounding alone gives the sum of a whole centred sentence a direction.
            norms = [norm if norm > 1e-6 else np.inf for norm in map(np.linalg.norm, (left, right))]
            expected[row, column] = max(left @ right / np.prod(norms), 0)
    scored = Emb(centre=centre).compute(one, PairVectors(source, target))
    assert scored == pytest.approx(expected, abs=1e-6)
    assert (scored[1].max() == 0) == centre  # a whole sentence is its own mean


@pytest.mark.parametrize("linked_only", [True, False])
def test_emb_has_the_same_bits_on_any_number_of_cores(linked_only: bool) -> None:
    threadpoolctl = pytest.importorskip("threadpoolctl")  # comes with scikit-learn
    text = " ".join(f"w{place}" for place in range(60))
    links = " ".join(f"{place}-{place + shift}" for place in range(58) for shift in (0, 1))
    emb = Emb(linked_only=linked_only)
    for count in range(1, 12):  # the shape decides what a product of two cores differs in
        entities = tuple((place, place + 2, "X") for place in range(0, 5 * count, 5))
        one = problem(text, text, entities, links)
        vectors = random_pair_vectors(60, 60, seed=count, hidden=384)
        found = []
        for cores in (1, 2):
            with threadpoolctl.threadpool_limits(cores):
                found.append(emb.compute(one, vectors))
        assert found[0].any()
        assert np.array_equal(*found), count


def test_a_word_is_the_mean_of_its_subwords() -> None:
    rows = np.arange(10, dtype=np.float32).reshape(5, 2)
    side = SubwordVectors(rows, np.array([0, 0, 0, 2, 3]), 5)  # words 1 and 4 were dropped
    expected = [rows[:3].mean(axis=0), [0, 0], rows[3], rows[4], [0, 0]]
    assert np.array_equal(side.word_vectors(), np.array(expected))
    shared = SubwordVectors(rows[:2], np.array([0, 1, 1]), 2, 1, np.array([0, 0, 1]))
    assert np.array_equal(shared.word_vectors(), np.array([rows[0], rows[:2].mean(axis=0)]))


@pytest.mark.parametrize(
    ("word", "expected"), [("Москва", "moskva"), ("Müller-Lüdenscheidt", "mullerludenscheidt")]
)
def test_romanise(word: str, expected: str) -> None:
    assert romanise(word) == expected


def test_surface_gives_nothing_to_punctuation() -> None:
    one = problem("!!! met Paris", ", Paris , .", ((0, 1, "ORG"), (2, 3, "LOC")), "")
    surface = Surface().compute(one)
    assert surface[0].max() == 0
    assert _value(surface, one, 1, 2, entity=1) == 1
    assert np.count_nonzero(surface[1]) == 1
    kept = problem("Yahoo !", "Yahoo !", ((0, 2, "ORG"),), "")
    assert _value(Surface().compute(kept), kept, 0, 2) == 1


def test_surface_finds_a_transliterated_name() -> None:
    one = problem("Moscow is big", "Город Москва большой", ((0, 1, "LOC"),), "")
    surface = Surface(threshold=0.5).compute(one)
    best = one.candidates[int(surface[0].argmax())]
    assert (best.start, best.end) == (1, 2)
