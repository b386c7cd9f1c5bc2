"""Laws of the review: nothing overlaps, nothing decided is touched, shares are shares."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evaluate.agreement import measure_agreement
from core.matching.fixed import check_pins
from core.review.corrections import Correction
from core.review.everywhere import apply_everywhere, find_everywhere
from core.review.learning import constraints_of
from core.review.precision import CheckedSentence, estimate_precision, more_to_check
from core.store.answers import STATUSES, Answer, AnswerSpan, check_answer
from core.text.words import sentence_from_words
from core.types import Projection, SentencePair, Span
from core.whatif.edits import Edits
from tests.property.evaluate_strategies import LABELS, disjoint_spans, projections

WORDS = ("a", "A", "b", "京", "e\u0301", "\u00e9", "👩‍👩‍👧")
LENGTHS = {"s1": 6, "s2": 4, "s3": 0}


@st.composite
def answers(draw: st.DrawFn, pair: SentencePair) -> Answer:
    """Draw an answer of a pair; its spans name entities, or do not."""
    own = pair.source.spans
    edited = draw(st.booleans())
    entities = draw(disjoint_spans(len(pair.source.words))) if edited else own
    owner = st.integers(0, max(len(entities) - 1, 0)) if entities else st.none()
    spans = [
        AnswerSpan(span.start, span.end, span.label, draw(st.none() | owner))
        for span in draw(disjoint_spans(len(pair.target.words)))
    ]
    added = [one.span for one in spans if one.entity is None and draw(st.booleans())]
    dropped = draw(st.sets(owner)) if entities else set[int]()
    return Answer(
        draw(st.sampled_from(STATUSES)),
        tuple(spans),
        edits=Edits(entities=entities if edited else None),
        dropped=tuple(sorted(dropped)),
        added=tuple(added),
    )


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[SentencePair], dict[int, Answer]]:
    pairs = []
    for _ in range(draw(st.integers(1, 3))):
        words = [draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)) for _ in range(2)]
        source = sentence_from_words(words[0], "en", spans=draw(disjoint_spans(len(words[0]))))
        target = sentence_from_words(words[1], draw(st.sampled_from(["de", "zh"])))
        pairs.append(SentencePair(source, target))
    return pairs, {place: draw(answers(pair)) for place, pair in enumerate(pairs)}


@st.composite
def corrections(draw: st.DrawFn) -> Correction:
    text = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join)
    return Correction(
        draw(text),
        draw(st.sampled_from(LABELS)),
        draw(st.sampled_from(["span", "span", "drop", "class"])),
        draw(text),
        draw(st.sampled_from(LABELS)),
        draw(st.booleans()),
    )


@given(corpora(), corrections(), st.data())
def test_applying_keeps_spans_apart_and_decisions_as_they_are(
    corpus: tuple[list[SentencePair], dict[int, Answer]],
    correction: Correction,
    data: st.DataObject,
) -> None:
    pairs, said = corpus
    by_person = data.draw(st.none() | st.sets(st.sampled_from(sorted(said))))
    found = find_everywhere(pairs, said, correction, by_person=by_person)
    picks = {
        (one.place, one.entity): data.draw(st.sampled_from(one.options))
        for one in found.proposals
        if one.unchanged == "ambiguous"
    }
    changed = apply_everywhere(found, picks=picks)
    for place, after in changed.items():
        check_answer(after, pairs[place].target)
        assert said[place].status != "rejected"
        if said[place].status == "accepted":
            assert by_person is not None
            assert place not in by_person
        assert set(after.added) <= set(after.plain_spans)
        assert not {one.entity for one in after.spans} & set(after.dropped) or (
            {one.entity for one in said[place].spans} & set(said[place].dropped)
        )
    for one in found.changes:
        assert one.after is not None
        assert one.after != one.before
        check_answer(one.after, pairs[one.place].target)


@given(corpora(), corrections())
def test_what_was_applied_is_already_so(
    corpus: tuple[list[SentencePair], dict[int, Answer]], correction: Correction
) -> None:
    pairs, said = corpus
    after = {**said, **apply_everywhere(find_everywhere(pairs, said, correction, by_person=()))}
    assert find_everywhere(pairs, after, correction, by_person=()).changes == ()


@given(projections(), st.data(), st.sampled_from([1, 2, None]))
def test_constraints_never_clash(
    projection: Projection, data: st.DataObject, most: int | None
) -> None:
    said = data.draw(answers(projection.pair))
    found = constraints_of(projection, said, most=most)
    check_pins(
        found.pins,
        found.bans,
        entities=len(projection.pair.source.spans),
        words=len(projection.pair.target.words),
        capacity=most,
    )
    assert said.status == "accepted" or (found.pins, found.bans) == ((), ())


@given(
    st.lists(st.tuples(disjoint_spans(8), disjoint_spans(8)), max_size=8),
    st.sampled_from([0.5, 0.95, 0.999]),
    st.floats(0.01, 0.49),
)
def test_the_interval_holds_the_estimate_and_is_a_share(
    sentences: list[tuple[tuple[Span, ...], tuple[Span, ...]]], level: float, half_width: float
) -> None:
    found = estimate_precision([CheckedSentence(*one) for one in sentences], level)
    assert (found is None) == (not any(accepted for accepted, _ in sentences))
    assert more_to_check(found, half_width, level=level) >= 0
    if found is not None:
        assert 0 <= found.low <= found.precision <= found.high <= 1
        assert found.low < found.high
        assert found.design_effect >= 1
        assert 0 < found.effective_spans <= found.accepted
        if (found.high - found.low) / 2 <= half_width * (1 - 1e-9):
            assert more_to_check(found, half_width) == 0


@st.composite
def reviews(draw: st.DrawFn) -> dict[str, tuple[Span, ...]]:
    """Draw what one reviewer did: some sentences, each with spans."""
    return {
        sentence: draw(disjoint_spans(words))
        for sentence, words in LENGTHS.items()
        if draw(st.integers(0, 3))
    }


@given(reviews(), st.integers(2, 3))
def test_identical_reviewers_agree_fully_or_it_is_undefined(
    done: dict[str, tuple[Span, ...]], count: int
) -> None:
    found = measure_agreement(dict.fromkeys("abc"[:count], done), LENGTHS)
    for value in (
        found.fleiss,
        found.alpha,
        *(
            value
            for pair in found.pairs
            for value in (
                pair.kappa,
                pair.kappa_marked,
                pair.span_f1,
                pair.boundary_f1,
                pair.identical,
            )
        ),
    ):
        assert value in (None, 1.0)
    assert found.disputes == ()


@given(st.lists(reviews(), min_size=2, max_size=4))
def test_the_order_of_reviewers_does_not_matter(
    done: list[dict[str, tuple[Span, ...]]],
) -> None:
    named = {f"r{place}": one for place, one in enumerate(done)}
    forth = measure_agreement(named, LENGTHS)
    back = measure_agreement(dict(reversed(named.items())), LENGTHS)
    assert (forth.fleiss, forth.alpha) == (back.fleiss, back.alpha)
    mirrored = {(pair.second, pair.first): pair for pair in back.pairs}
    for pair in forth.pairs:
        other = mirrored[pair.first, pair.second]
        for name in ("kappa", "kappa_marked", "span_f1", "boundary_f1", "identical", "words"):
            assert getattr(pair, name) == getattr(other, name)
    assert {one.sentence: pytest.approx(one.disagreement) for one in forth.disputes} == {
        one.sentence: one.disagreement for one in back.disputes
    }


@given(st.lists(reviews(), min_size=2, max_size=4))
def test_agreement_is_in_its_range(done: list[dict[str, tuple[Span, ...]]]) -> None:
    found = measure_agreement({f"r{place}": one for place, one in enumerate(done)}, LENGTHS)
    assert len(found.pairs) == len(list(combinations(done, 2)))
    for pair in found.pairs:
        assert pair.kappa is None or -1 <= pair.kappa <= 1
        assert pair.span_f1 is None or 0 <= pair.span_f1 <= (pair.boundary_f1 or 0)
    assert all(value is None or value <= 1 for value in (found.fleiss, found.alpha))
    assert all(0 < one.disagreement <= 1 for one in found.disputes)
    order = [one.disagreement for one in found.disputes]
    assert order == sorted(order, reverse=True)
