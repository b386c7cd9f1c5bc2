"""Suggestions from accepted answers."""

from __future__ import annotations

from dataclasses import replace

from core.review.suggestions import Suggestion, SuggestionIndex
from core.store.answers import AnswerSpan
from core.types import SentencePair, Span
from core.whatif.edits import Edits
from tests.unit.review.cases import answer, two

MOSCOW = (0, 1, "LOC")


def learned(*targets: str, source: str = "Moscow", language: str = "de") -> SuggestionIndex:
    """Learn targets that are one entity as a whole."""
    pairs = [
        two(source, target, (0, len(source.split()), "LOC"), languages=("en", language))
        for target in targets
    ]
    answers = {
        place: answer((0, len(one.target.words), "LOC", 0), status="accepted")
        for place, one in enumerate(pairs)
    }
    return SuggestionIndex(pairs, answers)


def suggested(
    index: SuggestionIndex, pair: SentencePair, *spans: tuple[int, int, str, int | None]
) -> list[tuple[int, int, str, int, str]]:
    found = index.suggest(99, pair, answer(*spans))
    assert set(found) <= {0}
    return [
        (one.span.start, one.span.end, one.text, one.count, one.basis) for one in found.get(0, ())
    ]


def test_what_it_became_elsewhere_is_suggested_where_the_target_has_it() -> None:
    index = learned("Moskau", "Kreml", "MOSKAU", "Russland")
    pair = two("MOSCOW said", "der Kreml in Moskau sagte", MOSCOW)
    assert suggested(index, pair, (2, 3, "LOC", 0)) == [
        (3, 4, "Moskau", 2, "same"),
        (1, 2, "Kreml", 1, "same"),
    ]


def test_the_span_it_has_is_no_suggestion() -> None:
    index = learned("Moskau")
    pair = two("Moscow", "in Moskau", MOSCOW)
    assert suggested(index, pair, (1, 2, "LOC", 0)) == []
    assert suggested(index, pair, (0, 2, "LOC", None)) == [(1, 2, "Moskau", 1, "same")]


def test_a_place_does_not_teach_itself() -> None:
    pair = two("Moscow", "in Moskau", MOSCOW)
    index = SuggestionIndex([pair], {0: answer((1, 2, "LOC", 0), status="accepted")})
    assert index.suggest(0, pair, answer()) == {}
    assert index.suggest(1, pair, answer())[0][0].count == 1


def test_only_accepted_answers_teach() -> None:
    pair = two("Moscow", "in Moskau", MOSCOW)
    taught = answer((1, 2, "LOC", 0))
    statuses = ("open", "working", "flagged", "rejected")
    answers = {place: replace(taught, status=one) for place, one in enumerate(statuses)}
    assert SuggestionIndex([pair] * 4, answers).suggest(9, pair, answer()) == {}


def test_an_inflected_form_is_found_by_its_spelling_where_the_text_is_not() -> None:
    index = learned("Moskau", "Kreml")
    pair = two("Moscow", "„ Moskaus “ Lage", MOSCOW)
    (one,) = index.suggest(9, pair, answer())[0]
    assert (one.span, one.basis, one.text) == (AnswerSpan(1, 2, "LOC", 0), "similar", "Moskau")
    assert 0.75 <= one.similarity < 1
    assert suggested(index, pair, (1, 2, "LOC", 0)) == []
    both = two("Moscow", "Moskaus Kreml", MOSCOW)
    assert suggested(index, both) == [(1, 2, "Kreml", 1, "same")]


def test_other_scripts_are_romanised() -> None:
    index = learned("Москва", language="ru")
    pair = two("Moscow", "погода в Москве", MOSCOW, languages=("en", "ru"))
    assert suggested(index, pair) == [(2, 3, "Москва", 1, "similar")]


def test_characters_are_words() -> None:
    made = two("Moscow", "莫斯科", MOSCOW, languages=("en", "zh"), split=True)
    index = SuggestionIndex([made], {0: answer((0, 3, "LOC", 0), status="accepted")})
    pair = two("Moscow", "我在莫斯科", MOSCOW, languages=("en", "zh"), split=True)
    assert suggested(index, pair) == [(2, 5, "莫斯科", 1, "same")]


def test_signs_without_letters_are_not_taken_for_alike() -> None:
    index = learned("…")
    assert suggested(index, two("Moscow", "? !", MOSCOW)) == []
    assert suggested(learned("🇩🇪"), two("Moscow", "x 🇩🇪", MOSCOW)) == [(1, 2, "🇩🇪", 1, "same")]


def test_another_target_language_teaches_nothing() -> None:
    pair = two("Moscow", "a Moskau", MOSCOW, languages=("en", "it"))
    assert suggested(learned("Moskau"), pair) == []


def test_spans_in_the_way_are_named_and_the_class_is_the_most_frequent() -> None:
    pairs = [two("Moscow", "Moskau", MOSCOW)] * 3
    labels = ("ORG", "LOC", "ORG")
    index = SuggestionIndex(
        pairs,
        {place: answer((0, 1, label, 0), status="accepted") for place, label in enumerate(labels)},
    )
    pair = two("Moscow", "FC Moskau", MOSCOW)
    found = index.suggest(9, pair, answer((0, 2, "ORG", None)))
    assert found == {
        0: (
            Suggestion(
                AnswerSpan(1, 2, "ORG", 0),
                "Moskau",
                3,
                "same",
                gives_way=(AnswerSpan(0, 2, "ORG", None),),
            ),
        )
    }


def test_entities_of_the_reviewer_are_asked_about() -> None:
    pair = two("old Moscow", "in Moskau", MOSCOW)
    edited = replace(answer(), edits=Edits(entities=(Span(1, 2, "LOC"),)))
    assert learned("Moskau").suggest(9, pair, edited)[0][0].span == AnswerSpan(1, 2, "LOC", 0)


def test_an_empty_target_is_no_trouble() -> None:
    assert suggested(learned("Moskau"), two("Moscow", "", MOSCOW)) == []
