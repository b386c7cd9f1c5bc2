"""Agreement between reviewers: words, spans, verdicts, and what is disputed."""

from __future__ import annotations

import json

import pytest

from core.errors import DataError
from core.evaluate.agreement import measure_agreement
from core.types import Span

PER, LOC = Span(0, 2, "PER"), Span(3, 4, "LOC")
WORDS = {"s1": 5, "s2": 4, "s3": 3}


def test_two_reviewers_who_say_the_same_agree_fully() -> None:
    done = {"s1": (PER, LOC), "s2": ()}
    found = measure_agreement({"ana": done, "بدر": done}, WORDS)
    (pair,) = found.pairs
    assert (pair.first, pair.second) == ("ana", "بدر")
    assert (pair.sentences, pair.words, pair.marked_words) == (2, 9, 3)
    assert pair.kappa == pair.kappa_marked == pair.span_f1 == pair.boundary_f1 == 1.0
    assert found.fleiss == found.alpha == pair.identical == 1.0
    assert found.disputes == ()
    assert pair.same_verdict is None


def test_only_sentences_that_both_did_count() -> None:
    found = measure_agreement(
        {"ana": {"s1": (PER,), "s2": ()}, "ben": {"s1": (PER,), "s3": (Span(0, 1, "ORG"),)}}, WORDS
    )
    (pair,) = found.pairs
    assert (pair.sentences, pair.words, pair.span_f1) == (1, 5, 1.0)
    assert found.fleiss_sentences == 1


def test_the_class_and_the_words_of_a_span_are_judged_apart() -> None:
    found = measure_agreement(
        {"ana": {"s1": (PER, LOC)}, "ben": {"s1": (Span(0, 2, "ORG"), LOC)}}, WORDS
    )
    (pair,) = found.pairs
    assert (pair.span_f1, pair.boundary_f1, pair.identical) == (0.5, 1.0, 0.0)


def test_kappa_over_marked_words_is_not_lifted_by_the_words_nobody_marked() -> None:
    found = measure_agreement({"ana": {"s1": (PER,)}, "ben": {"s1": (Span(0, 1, "PER"),)}}, WORDS)
    (pair,) = found.pairs
    assert pair.kappa == pytest.approx(6 / 11)
    assert pair.kappa_marked == 0.0  # one of two words; one reviewer has one class only there


@pytest.mark.parametrize(
    "reviews",
    [
        {},
        {"ana": {}},
        {"ana": {"s1": (PER,)}},
        {"ana": {"s1": ()}, "ben": {"s1": ()}},
        {"ana": {"s1": (PER,)}, "ben": {"s2": ()}},
        {"ana": {"s2": (Span(0, 4, "PER"),)}, "ben": {"s2": (Span(0, 4, "PER"),)}},
    ],
    ids=["nobody", "nothing done", "alone", "nothing marked", "nothing in common", "one class"],
)
def test_what_is_undefined_is_none(reviews: dict[str, dict[str, tuple[Span, ...]]]) -> None:
    found = measure_agreement(reviews, WORDS)
    assert found.fleiss is None
    assert found.alpha is None
    assert all(pair.kappa is None and pair.kappa_marked is None for pair in found.pairs)
    assert "NaN" not in json.dumps(found.as_dict())


def test_nothing_marked_has_no_f1_and_is_identical() -> None:
    (pair,) = measure_agreement({"ana": {"s1": ()}, "ben": {"s1": ()}}, WORDS).pairs
    assert (pair.span_f1, pair.boundary_f1, pair.identical) == (None, None, 1.0)


def test_an_empty_sentence_is_no_trouble() -> None:
    (pair,) = measure_agreement({"ana": {"s": ()}, "ben": {"s": ()}}, {"s": 0}).pairs
    assert (pair.words, pair.kappa, pair.identical) == (0, None, 1.0)


def test_verdicts_are_compared_where_both_gave_one() -> None:
    found = measure_agreement(
        {"ana": {}, "ben": {}},
        WORDS,
        {"ana": {"s1": "accepted", "s2": "rejected"}, "ben": {"s1": "accepted", "s2": "accepted"}},
    )
    assert found.pairs[0].same_verdict == 0.5
    assert [(one.sentence, one.disagreement) for one in found.disputes] == [("s2", 1.0)]


def test_the_most_disputed_sentence_comes_first() -> None:
    found = measure_agreement(
        {
            "ana": {"s1": (PER, LOC), "s2": (PER,), "s3": ()},
            "ben": {"s1": (PER,), "s2": (), "s3": ()},
            "eve": {"s1": (PER, LOC)},
        },
        WORDS,
    )
    assert [one.sentence for one in found.disputes] == ["s2", "s1"]
    assert found.disputes[0].reviewers == ("ana", "ben")
    assert found.disputes[1].disagreement == pytest.approx((1 / 3 + 0 + 1 / 3) / 3)


def test_a_rejected_sentence_is_disputed_with_one_that_was_accepted_empty() -> None:
    found = measure_agreement(
        {"ana": {"s1": ()}, "ben": {}},
        WORDS,
        {"ana": {"s1": "accepted"}, "ben": {"s1": "rejected"}},
    )
    assert found.disputes[0].reviewers == ("ana", "ben")


def test_alpha_takes_what_only_some_did() -> None:
    reviews = {
        "ana": {"s1": (PER,), "s2": (Span(0, 1, "LOC"),)},
        "ben": {"s1": (PER,)},
        "eve": {"s2": (Span(0, 1, "LOC"),)},
    }
    found = measure_agreement(reviews, WORDS)
    assert (found.alpha, found.fleiss, found.fleiss_sentences) == (1.0, None, 0)


def test_a_class_that_is_called_o_is_no_entity_to_words() -> None:
    (pair,) = measure_agreement({"a": {"s1": (Span(0, 1, "O"),)}, "b": {"s1": ()}}, WORDS).pairs
    assert (pair.marked_words, pair.kappa, pair.span_f1) == (0, None, 0.0)


@pytest.mark.parametrize(
    "spans", [(Span(0, 2, "PER"), Span(1, 3, "LOC")), (Span(4, 6, "PER"),)], ids=["overlap", "far"]
)
def test_spans_must_fit(spans: tuple[Span, ...]) -> None:
    with pytest.raises(DataError, match="disjoint and inside 5 words"):
        measure_agreement({"ana": {"s1": spans}}, WORDS)


def test_every_sentence_has_a_length() -> None:
    with pytest.raises(DataError, match="number of words"):
        measure_agreement({"ana": {"s9": ()}}, WORDS)
