"""A correction applied everywhere: which places, what changes, and what stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import ConfigError
from core.review.corrections import Correction
from core.review.everywhere import apply_everywhere, find_everywhere
from core.store.answers import Answer, AnswerSpan, check_answer
from core.types import EntityCandidate, SentencePair, Span
from core.whatif.edits import Edits
from tests.unit.review.cases import answer, two

ROME = (0, 1, "LOC")
BY_BANK = Correction("Bank of China", "ORG", "span", "Bank von China")


def test_the_span_is_set_wherever_source_and_target_have_the_texts() -> None:
    pairs = [
        two("the bank of  CHINA left", "die BANK von China ging", (1, 4, "ORG")),
        two("Bank of China", "Die Bank von China", (0, 3, "ORG")),
        two("Bank of China", "Die Bank", (0, 3, "ORG")),
        two("Rome", "Rom", ROME),
    ]
    answers = {
        0: answer((1, 2, "ORG", 0)),
        1: answer((0, 1, "PER", None), (3, 4, "LOC", None)),
        2: answer(),
        3: answer(),
    }
    found = find_everywhere(pairs, answers, BY_BANK)
    assert [(one.place, one.unchanged) for one in found.proposals] == [
        (0, None),
        (1, None),
        (2, "not in the target"),
    ]
    first, second = found.changes
    assert first.current == (AnswerSpan(1, 2, "ORG", 0),)
    assert first.wanted == (AnswerSpan(1, 4, "ORG", 0),)
    assert (first.source, first.gives_way) == (Span(1, 4, "ORG"), ())
    assert second.gives_way == (AnswerSpan(3, 4, "LOC", None),)
    assert found.left == {"not in the target": 1}
    changed = apply_everywhere(found)
    assert changed == {0: first.after, 1: second.after}
    assert changed[1].spans == (AnswerSpan(0, 1, "PER", None), AnswerSpan(1, 4, "ORG", 0))
    assert changed[0].status == "working"
    assert changed[0].edits.pins == (EntityCandidate(0, 1, 4),)
    assert set(apply_everywhere(found, places={1})) == {1}
    again = find_everywhere(pairs, {**answers, **changed}, BY_BANK)
    assert again.changes == ()
    assert again.left == {"already so": 2, "not in the target": 1}


def test_what_a_person_decided_stays() -> None:
    pairs = [two("Rome", "in Rom", ROME)] * 5
    answers = {
        0: answer((0, 1, "LOC", 0), status="accepted"),
        1: answer((0, 1, "LOC", 0), status="rejected"),
        2: answer((0, 1, "LOC", 0), status="flagged"),
        3: answer((0, 1, "LOC", 0), status="accepted"),
    }
    correction = Correction("rome", "LOC", "span", "Rom")
    everything = find_everywhere(pairs, answers, correction)
    assert [one.unchanged for one in everything.proposals] == [
        "decided",
        "decided",
        None,
        "decided",
    ]
    in_bulk = apply_everywhere(find_everywhere(pairs, answers, correction, by_person={0}))
    assert {place: one.status for place, one in in_bulk.items()} == {2: "flagged", 3: "accepted"}


def test_the_place_it_was_made_at_is_left_out() -> None:
    pairs = [two("Rome and Rome", "Rom und Rom", ROME, (2, 3, "LOC"))]
    answers = {0: answer((0, 1, "LOC", 0))}
    correction = Correction("Rome", "LOC", "drop")
    found = find_everywhere(pairs, answers, correction, origin=(0, 0))
    assert [one.entity for one in found.proposals] == [1]


@pytest.mark.parametrize(
    ("current", "chosen"),
    [((2, 3), (2, 3)), ((1, 3), (2, 3)), ((1, 2), None), ((5, 6), (4, 5)), (None, None)],
    ids=["there", "overlapping", "between", "nearest", "nowhere"],
)
def test_of_several_occurrences_the_nearest_is_meant(
    current: tuple[int, int] | None, chosen: tuple[int, int] | None
) -> None:
    pairs = [two("Rome", "Rom a Rom b Rom c", ROME)]
    answers = {0: answer(*([] if current is None else [(*current, "X", 0)]))}
    (one,) = find_everywhere(pairs, answers, Correction("Rome", "LOC", "span", "Rom")).proposals
    if chosen is None:
        assert (one.unchanged, one.after) == ("ambiguous", None)
        assert len(one.options) == (3 if current is None else 2)
    else:
        assert one.wanted == (AnswerSpan(*chosen, "LOC", 0),)


def test_an_ambiguous_place_can_be_picked() -> None:
    pairs = [two("Rome", "Rom und Rom", ROME)]
    found = find_everywhere(pairs, {0: answer()}, Correction("Rome", "LOC", "span", "Rom"))
    assert apply_everywhere(found) == {}
    (one,) = found.proposals
    picked = apply_everywhere(found, picks={(0, 0): one.options[1]})
    assert picked[0].spans == (AnswerSpan(2, 3, "LOC", 0),)
    assert apply_everywhere(found, picks={(0, 0): AnswerSpan(1, 2, "LOC", 0)}) == {}


def test_entities_with_the_same_text_get_a_place_each() -> None:
    pairs = [two("Rome and Rome", "Rom und Rom", ROME, (2, 3, "LOC"))]
    answers = {0: answer((1, 3, "LOC", 1))}
    found = find_everywhere(pairs, answers, Correction("Rome", "LOC", "span", "Rom"))
    assert apply_everywhere(found)[0].spans == (
        AnswerSpan(0, 1, "LOC", 0),
        AnswerSpan(2, 3, "LOC", 1),
    )
    short = [two("Rome and Rome", "dort Rom", ROME, (2, 3, "LOC"))]
    held = find_everywhere(short, {0: answer((1, 2, "LOC", 1))}, found.correction)
    assert [one.unchanged for one in held.proposals] == ["taken", "already so"]


def test_an_entity_without_a_counterpart_is_dropped() -> None:
    pairs = [two("Rome won", "sie gewann", ROME)] * 3
    pinned = replace(answer((0, 1, "LOC", 0)), edits=Edits(pins=(EntityCandidate(0, 0, 1),)))
    answers = {0: pinned, 1: answer(), 2: Answer(dropped=(0,))}
    found = find_everywhere(pairs, answers, Correction("Rome", "LOC", "drop"))
    assert found.left == {"already so": 1}
    changed = apply_everywhere(found)
    assert {place: (one.spans, one.dropped) for place, one in changed.items()} == {
        0: ((), (0,)),
        1: ((), (0,)),
    }
    assert changed[0].edits == Edits()


def test_a_dropped_entity_comes_back_with_its_span() -> None:
    pairs = [two("Rome", "Rom", ROME)]
    found = find_everywhere(
        pairs, {0: Answer(dropped=(0,))}, Correction("Rome", "LOC", "span", "Rom")
    )
    assert apply_everywhere(found)[0].dropped == ()


def test_another_class_leaves_the_words() -> None:
    pairs = [two("Rome", "in Rom", ROME)] * 3
    answers = {0: answer((1, 2, "LOC", None)), 1: answer(), 2: answer((1, 2, "ORG", 0))}
    found = find_everywhere(pairs, answers, Correction("Rome", "LOC", "class", target_label="ORG"))
    assert found.left == {"no span": 1, "already so": 1}
    assert apply_everywhere(found)[0].spans == (AnswerSpan(1, 2, "ORG", 0),)


def test_other_classes_of_the_source_are_asked_for() -> None:
    pairs = [two("Rome", "Rom", (0, 1, "ORG"))]
    same = Correction("Rome", "LOC", "span", "Rom")
    assert find_everywhere(pairs, {0: answer()}, same).proposals == ()
    found = find_everywhere(pairs, {0: answer()}, replace(same, same_class=False))
    assert apply_everywhere(found)[0].spans == (AnswerSpan(0, 1, "ORG", 0),)
    found = find_everywhere(pairs, {0: answer()}, replace(same, same_class=False, target_label="X"))
    assert apply_everywhere(found)[0].spans == (AnswerSpan(0, 1, "X", 0),)


def test_a_span_without_entity_stands_for_the_one_at_its_place() -> None:
    pairs = [two("Rome a b c Rome", "Rom x y z Rom", ROME, (4, 5, "LOC"))]
    nameless = answer((1, 2, "LOC", None), (3, 4, "LOC", None))
    found = find_everywhere(pairs, {0: nameless}, Correction("Rome", "LOC", "span", "Rom"))
    assert apply_everywhere(found)[0].spans == (
        AnswerSpan(0, 1, "LOC", 0),
        AnswerSpan(4, 5, "LOC", 1),
    )


def test_a_dropped_entity_takes_no_nameless_span() -> None:
    pairs = [two("Rome", "Rom", ROME)]
    dropped = replace(answer((0, 1, "LOC", None)), dropped=(0,))
    found = find_everywhere(pairs, {0: dropped}, Correction("Rome", "LOC", "drop"))
    assert (found.proposals[0].current, found.left) == ((), {"already so": 1})


def test_an_added_span_stands_for_no_entity() -> None:
    pairs = [two("Rome", "x Rom", ROME)]
    added = replace(answer((0, 1, "LOC", None)), added=(Span(0, 1, "LOC"),))
    found = find_everywhere(pairs, {0: added}, Correction("Rome", "LOC", "span", "Rom"))
    assert found.proposals[0].current == ()
    assert len(apply_everywhere(found)[0].spans) == 2
    over = find_everywhere(pairs, {0: added}, Correction("Rome", "LOC", "span", "x Rom"))
    assert over.proposals[0].gives_way == (AnswerSpan(0, 1, "LOC", None),)
    assert apply_everywhere(over)[0].added == ()


def test_source_entities_of_the_reviewer_count() -> None:
    edited = replace(answer(), edits=Edits(entities=(Span(1, 2, "LOC"),)))
    pairs = [two("Rome Paris", "Paris", ROME)]
    found = find_everywhere(pairs, {0: edited}, Correction("Paris", "LOC", "span", "Paris"))
    assert apply_everywhere(found)[0].spans == (AnswerSpan(0, 1, "LOC", 0),)


@pytest.mark.parametrize(
    ("pair", "source", "target", "place"),
    [
        (
            two("Cairo", "زرت القاهرة أمس", ROME, languages=("en", "ar")),
            "cairo",
            "القاهرة",
            (1, 2),
        ),
        (
            two("Peking", "我在北京大学", ROME, languages=("en", "zh"), split=True),
            "Peking",
            "北 京 大学",
            (2, 6),
        ),
        (two("👩‍👩‍👧 Rome", "in 👩‍👩‍👧 Rom", (0, 2, "LOC")), "👩‍👩‍👧 Rome", "👩‍👩‍👧 rom", (1, 3)),
        (two("Cafe\u0301", "im CAF\u00c9", ROME), "CAF\u00c9", "cafe\u0301", (1, 2)),
        (two("Straße", "in STRASSE", ROME), "strasse", "Straße", (1, 2)),
    ],
    ids=["arabic", "characters", "emoji", "combining", "casefold"],
)
def test_any_script(pair: SentencePair, source: str, target: str, place: tuple[int, int]) -> None:
    found = find_everywhere([pair], {0: answer()}, Correction(source, "LOC", "span", target))
    after = apply_everywhere(found)[0]
    assert after.spans == (AnswerSpan(*place, "LOC", 0),)
    check_answer(after, pair.target)


def test_part_of_a_word_is_not_found() -> None:
    pairs = [two("Rome", "Romanze", ROME)]
    found = find_everywhere(pairs, {0: answer()}, Correction("Rome", "LOC", "span", "Rom"))
    assert found.left == {"not in the target": 1}


def test_a_place_without_an_answer_is_left_out() -> None:
    pairs = [two("Rome", "Rom", ROME)]
    assert find_everywhere(pairs, {}, Correction("Rome", "LOC", "drop")).proposals == ()


@pytest.mark.parametrize(
    ("source", "kind", "target", "label"),
    [(" ", "drop", "", ""), ("Rome", "span", " ", "X"), ("Rome", "class", "Rom", "")],
)
def test_a_correction_says_what_to_do(source: str, kind: str, target: str, label: str) -> None:
    with pytest.raises(ConfigError, match="a correction must name"):
        Correction(source, "LOC", kind, target, label)  # type: ignore[arg-type]
