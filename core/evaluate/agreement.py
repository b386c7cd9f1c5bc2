"""How far reviewers agree: coefficients over words, F1 over spans, verdicts, disputed sentences.

Every word gets the class of the span it lies in, or O; a span's first word is not told from its
others. O is by far the most frequent class, so Cohen's kappa is also given over the words that at
least one of the two marked. There both can agree on no O, so chance is judged differently: it is
the stricter figure and is not comparable with the other one.

A coefficient is None where it is undefined: nobody marked anything, only one class was used, or no
two reviewers did the same sentence.

Fleiss' kappa is over the sentences that all reviewers did, so that every word has the same number
of ratings; Krippendorff's alpha takes all words that at least two did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np

from core.errors import DataError
from core.evaluate.coefficients import (
    MISSING,
    WordCodes,
    cohen_kappa,
    count_classes,
    fleiss_kappa,
    krippendorff_alpha,
)
from core.types import Span

Reviews: TypeAlias = Mapping[str, Sequence[Span]]
"""A reviewer's disjoint spans by sentence id; a sentence that is not there was not done."""
Verdicts: TypeAlias = Mapping[str, str]
"""A reviewer's verdict by sentence id."""

_OUTSIDE = 0
_O = "O"


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two reviewers over the sentences that both did; every value is the same the other way round.

    Attributes:
        first: name of one reviewer.
        second: name of the other.
        sentences: sentences that both did.
        words: words of these sentences.
        marked_words: words that at least one of the two marked.
        kappa: Cohen's kappa over all words, in [-1, 1].
        kappa_marked: the same over the marked words.
        span_f1: F1 of spans with the same words and class, in [0, 1].
        boundary_f1: F1 of spans with the same words, whatever their class.
        identical: share of sentences with exactly the same spans.
        same_verdict: share of sentences with the same verdict, of those both gave one on.
    """

    first: str
    second: str
    sentences: int
    words: int
    marked_words: int
    kappa: float | None
    kappa_marked: float | None
    span_f1: float | None
    boundary_f1: float | None
    identical: float | None
    same_verdict: float | None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A sentence that reviewers do not agree on.

    Attributes:
        sentence: its id.
        disagreement: one minus the mean agreement of all pairs of reviewers, in (0, 1]. Two agree
            as much as the F1 of their spans, and not at all where their verdicts differ.
        reviewers: who did it.
    """

    sentence: str
    disagreement: float
    reviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of some reviewers.

    Attributes:
        reviewers: their names.
        pairs: every two of them.
        fleiss: Fleiss' kappa over the words of the sentences that all did; at most 1.
        fleiss_sentences: how many sentences that is.
        alpha: Krippendorff's alpha over the words that at least two did; at most 1.
        disputes: the most disputed sentence first, else in order of their ids.
    """

    reviewers: tuple[str, ...]
    pairs: tuple[PairAgreement, ...]
    fleiss: float | None
    fleiss_sentences: int
    alpha: float | None
    disputes: tuple[Dispute, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


def measure_agreement(
    reviews: Mapping[str, Reviews],
    words: Mapping[str, int],
    verdicts: Mapping[str, Verdicts] | None = None,
) -> Agreement:
    """Compare reviewers.

    Args:
        reviews: spans by reviewer and sentence. A sentence somebody rejected has no spans to
            compare: leave it out here and give its verdict.
        words: number of words of every sentence.
        verdicts: verdicts by reviewer and sentence; None where there are none.

    Raises:
        DataError: spans that overlap or lie outside their sentence, or a sentence of unknown length
            (code bad-annotation).
    """
    codes = _code_words(reviews, words)
    everybody = [set(one) for one in reviews.values()]
    common = set.intersection(*everybody) if everybody else set[str]()
    stacked = np.stack(list(codes.values())) if codes else np.zeros((0, 0), dtype=np.int64)
    given = verdicts or {}
    return Agreement(
        reviewers=tuple(reviews),
        pairs=tuple(_compare(names, reviews, codes, given) for names in combinations(reviews, 2)),
        fleiss=fleiss_kappa(count_classes(stacked[:, (stacked != MISSING).all(axis=0)])),
        fleiss_sentences=len(common),
        alpha=krippendorff_alpha(count_classes(stacked)),
        disputes=_disputes(reviews, given),
    )


def _code_words(reviews: Mapping[str, Reviews], words: Mapping[str, int]) -> dict[str, WordCodes]:
    """Return the class of every word by reviewer, sentence after sentence in order of their ids."""
    sentences = sorted(set[str]().union(*reviews.values()))
    labels = {span.label for done in reviews.values() for spans in done.values() for span in spans}
    # A class that is called O says the same of a word as no span.
    numbers = {_O: _OUTSIDE}
    numbers |= {label: code for code, label in enumerate(sorted(labels - {_O}), start=1)}
    coded = {}
    for reviewer, done in reviews.items():
        parts = [np.zeros(0, dtype=np.int64)]
        for sentence in sentences:
            part = np.full(_length(sentence, words), MISSING, dtype=np.int64)
            if sentence in done:
                part[:] = _OUTSIDE
                _check_spans(done[sentence], sentence, len(part))
                for span in done[sentence]:
                    part[span.start : span.end] = numbers[span.label]
            parts.append(part)
        coded[reviewer] = np.concatenate(parts)
    return coded


def _length(sentence: str, words: Mapping[str, int]) -> int:
    if sentence not in words:
        raise DataError(
            f"every sentence must have its number of words, got none for {sentence!r}",
            code="bad-annotation",
        )
    return words[sentence]


def _check_spans(spans: Sequence[Span], sentence: str, length: int) -> None:
    previous = 0
    for span in sorted(spans):
        if not previous <= span.start < span.end <= length:
            raise DataError(
                f"spans must be disjoint and inside {length} words, got [{span.start}, {span.end}) "
                f"in sentence {sentence!r}",
                code="bad-annotation",
            )
        previous = span.end


def _compare(
    names: tuple[str, str],
    reviews: Mapping[str, Reviews],
    codes: Mapping[str, WordCodes],
    verdicts: Mapping[str, Verdicts],
) -> PairAgreement:
    one, other = (reviews[name] for name in names)
    first, second = (codes[name] for name in names)
    both = (first != MISSING) & (second != MISSING)
    marked = both & ((first != _OUTSIDE) | (second != _OUTSIDE))
    sentences = [sentence for sentence in one if sentence in other]
    spans = [(set(one[sentence]), set(other[sentence])) for sentence in sentences]
    places = [({_bounds(a) for a in mine}, {_bounds(b) for b in theirs}) for mine, theirs in spans]
    said = [verdicts.get(name, {}) for name in names]
    return PairAgreement(
        *names,
        sentences=len(sentences),
        words=int(both.sum()),
        marked_words=int(marked.sum()),
        kappa=cohen_kappa(first[both], second[both]),
        kappa_marked=cohen_kappa(first[marked], second[marked]),
        span_f1=_f1(spans),
        boundary_f1=_f1(places),
        identical=_share([mine == theirs for mine, theirs in spans]),
        same_verdict=_share([said[0][key] == said[1][key] for key in said[0] if key in said[1]]),
    )


def _bounds(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _f1(pairs: Sequence[tuple[set[Any], set[Any]]]) -> float | None:
    size = sum(len(one) + len(other) for one, other in pairs)
    return 2 * sum(len(one & other) for one, other in pairs) / size if size else None


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


def _disputes(
    reviews: Mapping[str, Reviews], verdicts: Mapping[str, Verdicts]
) -> tuple[Dispute, ...]:
    found = []
    for sentence in sorted(set[str]().union(*reviews.values(), *verdicts.values())):
        names = [
            name
            for name in dict.fromkeys([*reviews, *verdicts])
            if sentence in reviews.get(name, {}) or sentence in verdicts.get(name, {})
        ]
        apart = [_apart(sentence, pair, reviews, verdicts) for pair in combinations(names, 2)]
        if any(apart):
            found.append(Dispute(sentence, sum(apart) / len(apart), tuple(names)))
    return tuple(sorted(found, key=lambda one: -one.disagreement))


def _apart(
    sentence: str,
    names: tuple[str, str],
    reviews: Mapping[str, Reviews],
    verdicts: Mapping[str, Verdicts],
) -> float:
    """Return how far two reviewers are apart on a sentence, in [0, 1]."""
    said = {verdicts[name][sentence] for name in names if sentence in verdicts.get(name, {})}
    if len(said) > 1:
        return 1.0
    spans = [set(reviews[name][sentence]) for name in names if sentence in reviews.get(name, {})]
    agreed = _f1([(spans[0], spans[1])]) if len(spans) == len(names) else None
    return 0.0 if agreed is None else 1 - agreed
