from __future__ import annotations

import pytest

from core.errors import DataError
from core.explain import typed_pair
from core.text.brackets import to_brackets
from core.types import SentencePair
from core.whatif.edits import parse_edits
from core.whatif.rewrite import move_edits, rewrite


@pytest.fixture
def flight() -> SentencePair:
    return typed_pair(
        "[PER Maria Weber] flew from [LOC Berlin] to Rome.",
        "[PER Maria Weber] flog von [LOC Berlin] nach Rom.",
        "en",
        "de",
    )


def test_a_corrected_word_keeps_entities_and_gold(flight: SentencePair) -> None:
    changed = rewrite(flight, "target", flight.target.text.replace("Berlin", "Köln"))
    assert to_brackets(changed.target) == "[PER Maria Weber] flog von [LOC Köln] nach Rom."
    assert changed.has_gold


def test_words_before_an_entity_move_it(flight: SentencePair) -> None:
    changed = rewrite(flight, "source", f"Yesterday Dr. {flight.source.text}")
    assert to_brackets(changed.source).startswith("Yesterday Dr. [PER Maria Weber] flew from")


def test_another_translation_has_no_gold(flight: SentencePair) -> None:
    changed = rewrite(flight, "target", "Nach Rom ging es mit Frau Weber ab Schönefeld.")
    assert (changed.has_gold, changed.target.spans) == (False, ())


def test_a_lost_gold_word_ends_gold(flight: SentencePair) -> None:
    changed = rewrite(flight, "target", "Maria flog von Berlin nach Rom.")
    assert (changed.has_gold, changed.target.spans) == (False, ())


def test_words_of_unchanged_text_keep_their_borders() -> None:
    from tests.builders import pair, sentence

    odd = pair(sentence("don't stop . now", "en"), sentence("nicht aufhören", "de"))
    changed = rewrite(odd, "source", "don't stop . ever")
    assert changed.source.words == ("don't", "stop", ".", "ever")


def test_text_without_spaces_is_split_into_characters() -> None:
    chinese = typed_pair("[LOC Berlin] is old", "[LOC 柏林]很老", "en", "zh")
    changed = rewrite(chinese, "target", "柏林很老了")
    assert to_brackets(changed.target) == "[LOC 柏林]很老了"


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_sentence_without_words_is_refused(flight: SentencePair, text: str) -> None:
    with pytest.raises(DataError, match="the target sentence must have words"):
        rewrite(flight, "target", text)


def test_edits_follow_their_words_and_go_with_them(flight: SentencePair) -> None:
    edits = parse_edits("+0-0 -3-3 =0:0-2 !1:4-5")
    changed = rewrite(flight, "target", f"Gestern {flight.target.text}")
    assert str(move_edits(edits, flight, changed)) == "+0-1 -3-4 =0:1-3 !1:5-6"
    shorter = rewrite(flight, "source", "Maria Weber flew to Rome.")
    assert str(move_edits(edits, flight, shorter)) == "+0-0 =0:0-2"
