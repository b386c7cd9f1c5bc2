"""Replacing runs of words."""

from __future__ import annotations

import pytest

from core.perturbations._editing import Edit, edited, fragment_from_text, fragment_of, one_word
from core.perturbations._units import units
from core.text.char_spans import CharSpan, sentence_from_text
from tests.builders import sentence


def test_spans_and_offsets_move_along() -> None:
    old = sentence_from_text(
        " Ada,  in Rome. ", "en", char_spans=[CharSpan(1, 4, "PER"), CharSpan(10, 14, "LOC")]
    )
    new = edited(
        old,
        [
            Edit(0, 1, fragment_from_text("Li  Wei", "en"), ""),
            Edit(3, 4, fragment_from_text("New York", "en"), ""),
        ],
    )
    assert new.text == " Li  Wei,  in New York. "
    assert [new.text_of(span) for span in new.spans] == ["Li  Wei", "New York"]
    assert [span.label for span in new.spans] == ["PER", "LOC"]


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 2, one_word("x"), "")],
        [Edit(1, 2, one_word("x"), ""), Edit(1, 2, one_word("y"), "")],
        [Edit(3, 4, one_word("x"), "")],
        [Edit(1, 2, fragment_from_text("", "en"), "")],
    ],
)
def test_edits_that_cannot_be(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="edit"):
        edited(sentence("in New York", "en", (1, 3, "LOC")), edits)


def test_a_fragment_has_its_own_offsets() -> None:
    found = fragment_of(sentence("in New York City", "en"), 1, 3)
    assert (found.text, found.char_offsets) == ("New York", ((0, 3), (4, 8)))


def test_units_of_text_without_spaces_respect_entities() -> None:
    pytest.importorskip("jieba")
    whole = sentence("他 在 北 京 工 作", "zh")
    assert [one.text for one in units(whole)] == ["他", "在", "北京", "工作"]
    cut = sentence("他 在 北 京 工 作", "zh", (3, 6, "ORG"))
    assert [one.text for one in units(cut)] == ["他", "在", "北", "京", "工作"]
    assert [one.text for one in units(cut, "entities")] == ["京", "工作"]
    own_words = sentence("他 在 北京 工作", "zh")
    assert [one.text for one in units(own_words)] == ["他", "在", "北京", "工作"]
