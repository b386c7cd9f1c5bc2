"""Tags as models name them become IOB2."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import ConfigError
from core.labellers._schemes import classes_of, inside_where, parse_classes, to_iob2
from core.text.tagging import decode
from core.types import Span, WordTags

CONLL = ("B-LOC", "B-MISC", "I-LOC", "I-MISC", "I-PER", "O")  # IOB1: no B-PER at all


def _rows(*rows: list[float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32)


def test_iob2_is_kept() -> None:
    tags = to_iob2(_rows([0.1, 0.7, 0.2]), ("O", "B-PER", "I-PER"), {})
    assert tags.tags == ("O", "B-PER", "I-PER")
    np.testing.assert_allclose(tags.probabilities, [[0.1, 0.7, 0.2]], atol=1e-6)


def test_iob1_begins_where_the_word_before_is_of_another_class() -> None:
    rows = _rows([0, 0, 0, 0, 0.9, 0.1], [0, 0, 0, 0, 0.8, 0.2], [0, 0, 0, 0, 0, 1])
    tags = to_iob2(rows, CONLL, {"MISC": ""})
    assert tags.tags == ("O", "B-LOC", "I-LOC", "B-PER", "I-PER")
    np.testing.assert_allclose(tags.probabilities[0, 3:], [0.9, 0], atol=1e-6)
    # the first word is of the class with 0.9, so the second goes on with 0.8 · 0.9
    np.testing.assert_allclose(tags.probabilities[1, 3:], [0.08, 0.72], atol=1e-6)
    np.testing.assert_allclose(tags.probabilities.sum(axis=1), 1, atol=1e-6)


def test_bilou_and_bare_classes() -> None:
    bilou = to_iob2(_rows([0.4, 0.6, 0, 0, 0]), ("U-PER", "B-PER", "I-PER", "L-PER", "O"), {})
    np.testing.assert_allclose(bilou.probabilities, [[0, 1, 0]], atol=1e-6)
    bare = to_iob2(_rows([1, 0], [1, 0]), ("PER", "O"), {})
    np.testing.assert_allclose(bare.probabilities, [[0, 1, 0], [0, 0, 1]], atol=1e-6)


def test_dropped_classes_and_unseen_words_are_outside() -> None:
    tags = to_iob2(_rows([0.9, 0.1, 0], [0, 0, 0]), ("B-DATE", "B-PER", "O"), {"DATE": ""})
    assert tags.tags == ("O", "B-PER", "I-PER")
    np.testing.assert_allclose(tags.probabilities, [[0.9, 0.1, 0], [1, 0, 0]], atol=1e-6)


def test_classes_are_renamed_and_merged() -> None:
    names = ("O", "B-GPE", "I-GPE", "B-LOC", "I-LOC")
    rename = parse_classes("GPE=LOC")
    assert classes_of(names, rename) == ("LOC",)
    tags = to_iob2(_rows([0, 0.5, 0, 0.5, 0]), names, rename)
    np.testing.assert_allclose(tags.probabilities, [[0, 1, 0]], atol=1e-6)


@pytest.mark.parametrize("text", ["PERSON", "=PER", "A=B,C"])
def test_a_bad_class_map_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match="class map") as raised:
        parse_classes(text)
    assert raised.value.code == "bad-config"


def test_words_of_one_subword_are_one_entity() -> None:
    table = np.array([[0.1, 0.8, 0.1], [0.1, 0.8, 0.1], [0.2, 0.7, 0.1]], dtype=np.float32)
    tags = WordTags(("O", "B-LOC", "I-LOC"), table)
    continued = np.array([False, True, False])
    found = inside_where(continued, tags)
    np.testing.assert_allclose(found.probabilities[1], [0.1, 0.0, 0.9])
    assert decode(found) == (Span(0, 2, "LOC"), Span(2, 3, "LOC"))
    assert inside_where(np.zeros(3, dtype=np.bool_), tags) is tags
