"""Marked sentences through a translator: which mark is which entity, and what was lost."""

from __future__ import annotations

from core.routes._marking import MarkedTranslation, translate_marked
from core.stages import no_report
from core.translators import Translator
from core.types import Sentence, SentencePair
from tests.builders import sentence
from tests.translators import Lookup, TagLookup

SOURCE = sentence("Ada met Bob in Rome", "en", (0, 1, "PER"), (2, 3, "PER"), (4, 5, "LOC"))


def _translate(translator: Translator, source: Sentence, **options: bool) -> MarkedTranslation:
    pair = SentencePair(source, sentence("x", "es"))
    return translate_marked(translator, [pair], no_report, **options)[0]


def _found(one: MarkedTranslation) -> list[tuple[str, str, int]]:
    spans = one.sentence.spans
    return [
        (one.sentence.text_of(span), span.label, entity)
        for span, entity in zip(spans, one.entities, strict=True)
    ]


def test_tags_say_which_entity_is_which() -> None:
    sent = '<b id="0">Ada</b> met <b id="1">Bob</b> in <b id="2">Rome</b>'
    back = 'En <b id="2">Roma</b> <b id="1">Bob</b> vio a <b id="0">Ada</b>'
    translator = TagLookup({sent: back})
    one = _translate(translator, SOURCE)
    assert _found(one) == [("Roma", "LOC", 2), ("Bob", "PER", 1), ("Ada", "PER", 0)]
    assert one.damage == ""
    assert translator.asked == [sent, "released"]  # no entity had to be translated alone


def test_the_longest_part_of_a_tag_cut_in_two_is_kept() -> None:
    sent = '<b id="0">Ada</b> met <b id="1">Bob</b> in <b id="2">Rome</b>'
    back = '<b id="0">A</b> y <b id="0">Ada</b> a <b id="1">Bob</b> en <b id="2">Roma</b>'
    assert _found(_translate(TagLookup({sent: back}), SOURCE))[0] == ("Ada", "PER", 0)


def test_brackets_of_one_class_are_taken_in_order() -> None:
    people = sentence("Ada met Bob", "en", (0, 1, "PER"), (2, 3, "PER"))
    one = _translate(Lookup({"[Ada] met [Bob]": "[Adela] vio a [Roberto]"}), people)
    assert _found(one) == [("Adela", "PER", 0), ("Roberto", "PER", 1)]


def test_brackets_of_several_classes_are_told_by_what_they_say() -> None:
    known = {
        "[Ada] met [Bob] in [Rome]": "En [Roma] [Bob] vio a [Ada]",
        "Rome": "Roma",
    }
    one = _translate(Lookup(known), SOURCE)
    assert _found(one) == [("Roma", "LOC", 2), ("Bob", "PER", 1), ("Ada", "PER", 0)]


def test_the_best_likeness_wins_and_the_last_one_goes_by_elimination() -> None:
    source = sentence("Zagreb saw Zagrebian Ada", "en", (0, 1, "LOC"), (2, 3, "ORG"), (3, 4, "PER"))
    known = {"[Zagreb] saw [Zagrebian] [Ada]": "[Zagrebijan] [Zagreba] [Xyz]"}
    one = _translate(Lookup(known), source)
    assert _found(one) == [("Zagrebijan", "ORG", 1), ("Zagreba", "LOC", 0), ("Xyz", "PER", 2)]


def test_what_is_like_nothing_is_lost_and_told() -> None:
    known = {"[Ada] met [Bob] in [Rome]": "[Ada] estaba [allí]"}
    one = _translate(Lookup(known), SOURCE)
    assert _found(one) == [("Ada", "PER", 0)]
    assert one.damage == "2 markers came back for 3 entities"
    assert one.span_of(0) == 0
    assert one.span_of(1) is None


def test_unpaired_brackets_leave_the_translation_without_entities() -> None:
    one = _translate(Lookup({"[Ada] met [Bob] in [Rome]": "[Ada vio a Bob] ] en Roma"}), SOURCE)
    assert one.sentence.spans == ()
    assert one.damage == "0 markers came back for 3 entities"


def test_languages_are_translated_apart_and_order_is_kept() -> None:
    pairs = [
        SentencePair(sentence("Ada", "en", (0, 1, "PER")), sentence("x", target))
        for target in ("es", "de", "es")
    ]
    found = translate_marked(Lookup({"[Ada]": "[Adela]"}), pairs, no_report)
    assert [one.sentence.language for one in found] == ["es", "de", "es"]
