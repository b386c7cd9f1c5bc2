"""Partial-match scores: how much of the strict errors is only boundaries or only class.

Four views, as the package nervaluate counts them: `strict` (boundaries and class), `exact`
(boundaries, any class), `partial` (overlap counts one half, any class), `ent_type` (overlap and
class).

Paper: Segura-Bedmar et al. 2013, SemEval-2013 task 9 (after the MUC-5 categories).
Departs: none, nervaluate counts. Its end offsets are inclusive and ours are not; they are converted
here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from core.evaluate.gold import GoldSentence, gold_corpus
from core.types import Projection, Span

View = Literal["strict", "exact", "partial", "ent_type"]
VIEWS: tuple[View, ...] = get_args(View)


@dataclass(frozen=True, slots=True)
class PartialScore:
    """Counts of one view and the ratios made of them.

    Attributes:
        correct: pairs that agree as far as the view asks.
        incorrect: pairs that overlap but do not agree.
        partial: pairs that overlap only; each counts one half. `partial` view only.
        missed: gold spans without a pair.
        spurious: predicted spans without a pair.
        precision: in [0, 1], 0 if nothing was predicted.
        recall: in [0, 1], 0 if there is no gold span.
        f1: in [0, 1], 0 if both are 0.
    """

    correct: int
    incorrect: int
    partial: int
    missed: int
    spurious: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class PartialReport:
    """Partial-match scores of a run.

    A failed sentence counts with all its gold entities missed, as in the strict headline.

    Attributes:
        overall: score of each view.
        per_label: the same for each class seen, sorted; a class is compared with itself alone.
        sentences: how many sentences it is over, failed ones included.
        failures: how many of them failed.
        unlabelled: pairs without gold annotation, left out.
    """

    overall: Mapping[View, PartialScore]
    per_label: Mapping[str, Mapping[View, PartialScore]]
    sentences: int
    failures: int
    unlabelled: int

    def as_dict(self) -> dict[str, Any]:
        """Return the report, ready for JSON."""
        return asdict(self)


def score_partial(
    projections: Sequence[Projection], labels: Collection[str] | None = None
) -> PartialReport:
    """Score a run in the four views.

    Args:
        projections: a run over a corpus.
        labels: classes to keep on the gold and on the predicted side alike; None keeps all.

    Raises:
        DataError: no sentence has gold annotation (code missing-gold).
    """
    corpus = gold_corpus(projections, labels)
    overall, per_label = _count(corpus.sentences)
    return PartialReport(
        overall=overall,
        per_label=per_label,
        sentences=len(corpus.sentences),
        failures=corpus.failures,
        unlabelled=corpus.unlabelled,
    )


def _count(
    sentences: Sequence[GoldSentence],
) -> tuple[dict[View, PartialScore], dict[str, dict[View, PartialScore]]]:
    from nervaluate import Evaluator

    seen = {span.label for sentence in sentences for span in (*sentence.gold, *sentence.predicted)}
    results = Evaluator(
        [_inclusive(sentence.gold) for sentence in sentences],
        [_inclusive(sentence.predicted) for sentence in sentences],
        tags=sorted(seen),
        loader="dict",
    ).evaluate()
    return _scores(results["overall"]), {
        label: _scores(results["entities"][label]) for label in sorted(seen)
    }


def _inclusive(spans: Sequence[Span]) -> list[dict[str, str | int]]:
    return [{"label": span.label, "start": span.start, "end": span.end - 1} for span in spans]


def _scores(results: Mapping[str, Any]) -> dict[View, PartialScore]:
    return {
        view: PartialScore(
            correct=results[view].correct,
            incorrect=results[view].incorrect,
            partial=results[view].partial,
            missed=results[view].missed,
            spurious=results[view].spurious,
            precision=float(results[view].precision),
            recall=float(results[view].recall),
            f1=float(results[view].f1),
        )
        for view in VIEWS
    }
