"""Other names for persons and places."""

from __future__ import annotations

import pytest

from core.perturbations._names import FALLBACK, listed
from core.perturbations.b_per import BPer
from core.perturbations.loc import Loc
from core.text.char_spans import CharSpan, sentence_from_text
from core.text.words import NO_SPACE_LANGUAGES, split_words
from core.types import Sentence
from tests.builders import sentence


def characters(text: str, *spans: tuple[int, int, str]) -> Sentence:
    return sentence(" ".join(text), "zh", *spans)


def test_a_name_of_another_sentence() -> None:
    test = [sentence("Ana Mendes spoke", "pt", (0, 2, "PER"))]
    training = [sentence("Rui Costa left", "pt", (0, 2, "PER"))]
    found = BPer(names="corpora").perturb(test, training=training, seed=0)
    assert found.sentences[0].text == "Rui Mendes spoke"
    (change,) = found.changes
    assert (change.before, change.after, change.label) == (("Ana",), ("Rui",), "PER")
    assert change.reason == "another given name, from another sentence"
    assert found.notes == ()


def test_a_name_of_the_same_sentence_alone_is_no_other() -> None:
    test = [sentence("Ana Mendes met Rui Costa", "pt", (0, 2, "PER"), (3, 5, "PER"))]
    found = BPer(names="corpora").perturb(test, training=(), seed=0)
    assert not found.changes
    assert [one.reason for one in found.unchanged] == ["there is no other name to take"]


@pytest.mark.parametrize("head", ["Mr.", "Проф.", "J.", "ANA", "dr", "7th", "«x»"])
def test_titles_and_initials_are_no_given_names(head: str) -> None:
    training = [sentence(f"{head} Costa left", "en", (0, 2, "PER"))]
    test = [sentence("Ana Mendes spoke", "en", (0, 2, "PER"))]
    assert not BPer(names="corpora").perturb(test, training=training, seed=0).changes


def test_a_single_name_is_replaced_but_gives_none() -> None:
    test = [sentence("Pelé and Rui Costa", "pt", (0, 1, "PER")), sentence("Ivo Dias", "pt")]
    training = [sentence("Zico Costa left", "pt", (0, 2, "PER")), sentence("Zito", "pt")]
    found = BPer(names="corpora").perturb(test, training=training, seed=0)
    assert found.sentences[0].text == "Zico and Rui Costa"


def test_the_list_of_the_language_and_the_one_for_any() -> None:
    german = [sentence("Anna Weber sprach", "de-AT", (0, 2, "PER"))]
    found = BPer(names="list").perturb(german, training=(), seed=0)
    assert found.changes[0].after in {name.new.words for name in listed("given_names", "de")}
    assert found.changes[0].reason == "another given name, from our list for 'de'"
    assert found.notes == ()
    swahili = [sentence("Juma Ali alisema", "sw", (0, 2, "PERSON"))]
    found = BPer().perturb(swahili, training=(), seed=0)
    assert found.changes[0].after in {name.new.words for name in listed("given_names", FALLBACK)}
    assert found.changes[0].reason == "another given name, from our list for any language"
    assert "no list of given names for 'sw'" in found.notes[0]


def test_capitals_stay_capitals() -> None:
    test = [sentence("ANNA WEBER IN WIEN", "de", (0, 2, "PER"), (3, 4, "LOC"))]
    assert BPer().perturb(test, training=(), seed=0).sentences[0].words[0].isupper()
    assert Loc().perturb(test, training=(), seed=0).sentences[0].text.isupper()


def test_classes_can_be_chosen() -> None:
    test = [sentence("Anna in Wien", "de", (0, 1, "person"), (2, 3, "Ort"))]
    assert BPer().perturb(test, training=(), seed=0).changes
    assert not Loc().perturb(test, training=(), seed=0).changes
    assert Loc(labels="Stadt, ort").perturb(test, training=(), seed=0).changes


def test_what_stands_first_in_chinese() -> None:
    """A family name of one character, a part before a dot, or a foreign name as a whole."""
    test = [
        characters("王小明说", (0, 3, "PER")),
        characters("约翰·史密斯说", (0, 6, "PER")),
        characters("奥巴马说", (0, 3, "PER")),
    ]
    found = BPer().perturb(test, training=(), seed=0)
    assert [change.before for change in found.changes] == [
        ("王",),
        ("约", "翰"),
        ("奥", "巴", "马"),
    ]
    assert [len(change.after) == 1 for change in found.changes] == [True, False, False]
    for old, new in zip(test, found.sentences, strict=True):
        kept = old.text[len("".join(found.changes[test.index(old)].before)) :]
        assert new.text.endswith(kept)


def test_where_no_border_shows_nothing_is_done() -> None:
    test = [sentence("山 田 が", "ja", (0, 2, "PER"))]
    found = BPer().perturb(test, training=(), seed=0)
    assert found.unchanged[0].reason == "nothing shows where the first name ends"


def test_a_place_of_the_same_class_with_other_words() -> None:
    test = [sentence("They left Rome for Kenya .", "en", (2, 3, "LOC"), (4, 5, "GPE"))]
    training = [
        sentence("the  Lake of Garda", "en", (1, 4, "LOC")),
        sentence("Chad", "en", (0, 1, "GPE")),
    ]
    found = Loc(names="corpora").perturb(test, training=training, seed=0)
    assert found.sentences[0].text == "They left Lake of Garda for Chad ."
    assert [found.sentences[0].text_of(span) for span in found.sentences[0].spans] == [
        "Lake of Garda",
        "Chad",
    ]
    assert [(one.start, one.new_start, one.new_end) for one in found.changes] == [
        (2, 2, 5),
        (4, 6, 7),
    ]


def test_inner_spacing_comes_along() -> None:
    donor = [sentence_from_text("in St.  Gallen", "de", char_spans=[CharSpan(3, 14, "LOC")])]
    test = [sentence("aus Rom", "de", (1, 2, "LOC"))]
    found = Loc(names="corpora").perturb(test, training=donor, seed=0)
    assert found.sentences[0].text == "aus St.  Gallen"


@pytest.mark.parametrize("language", ["en", "de", "es", "hr", "ar", "zh", FALLBACK])
def test_the_lists_hold_enough_and_no_name_twice(language: str) -> None:
    for which in ("given_names", "places"):
        names = listed(which, language)  # type: ignore[arg-type]
        assert len(names) >= 20
        assert len({name.key for name in names}) == len(names)
        for name in names:
            assert name.new.text == name.new.text.strip()
            if language not in NO_SPACE_LANGUAGES:
                assert name.new.words == tuple(name.new.text.split())
            assert [word.text for word in split_words(name.new.text, language)] == list(
                name.new.words
            )
