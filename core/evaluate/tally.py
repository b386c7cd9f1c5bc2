"""Diagnoses of a whole run, and how often each outcome was due to each stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from core.evaluate.diagnosis import EntityDiagnosis, diagnose
from core.evaluate.gold import gold_corpus
from core.evaluate.outcomes import OUTCOMES, Outcome
from core.evaluate.verdicts import STAGES, Stage
from core.types import Projection

Counts: TypeAlias = Mapping[tuple[Outcome, Stage | None, str], int]
"""Number of diagnoses by (outcome, stage, class)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each outcome was due to each stage, by class.

    Attributes:
        counts: number of diagnoses by (outcome, stage, class), in taxonomy order.
        sentences: sentences with gold annotation.
        failures: how many of them failed.
        unlabelled: pairs without gold annotation, left out.
    """

    counts: Counts
    sentences: int
    failures: int = 0
    unlabelled: int = 0

    def by_outcome(self) -> dict[Outcome, int]:
        """Count every outcome, 0 included."""
        totals = Counter[Outcome]()
        for (outcome, _, _), count in self.counts.items():
            totals[outcome] += count
        return {outcome: totals[outcome] for outcome in OUTCOMES}

    def by_stage(self) -> dict[Stage, int]:
        """Count the errors of every stage, 0 included."""
        totals = Counter[Stage | None]()
        for (_, stage, _), count in self.counts.items():
            totals[stage] += count
        return {stage: totals[stage] for stage in STAGES}

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as rows, ready for JSON."""
        return {
            "rows": [
                {"outcome": outcome, "stage": stage, "label": label, "count": count}
                for (outcome, stage, label), count in self.counts.items()
            ],
            "sentences": self.sentences,
            "failures": self.failures,
            "unlabelled": self.unlabelled,
        }


def diagnose_corpus(
    projections: Sequence[Projection], labels: Collection[str] | None = None
) -> tuple[tuple[tuple[EntityDiagnosis, ...], ...], Tally]:
    """Diagnose a run.

    Args:
        projections: a run over a corpus.
        labels: classes to keep on the gold and on the predicted side alike; None keeps all.

    Returns:
        The diagnoses of each projection, in order and empty where there is no gold annotation, and
        their tally.

    Raises:
        DataError: no sentence has gold annotation (code missing-gold).
    """
    corpus = gold_corpus(projections, labels)
    diagnoses = tuple(
        diagnose(projection, labels) if projection.pair.has_gold else ()
        for projection in projections
    )
    return diagnoses, Tally(
        counts=count_diagnoses(one for sentence in diagnoses for one in sentence),
        sentences=len(corpus.sentences),
        failures=corpus.failures,
        unlabelled=corpus.unlabelled,
    )


def count_diagnoses(diagnoses: Iterable[EntityDiagnosis]) -> Counts:
    """Count diagnoses by outcome, stage and class, in taxonomy order."""
    counts = Counter((one.outcome, one.stage, one.label) for one in diagnoses)
    order = (None, *STAGES)
    return dict(
        sorted(
            counts.items(),
            key=lambda item: (OUTCOMES.index(item[0][0]), order.index(item[0][1]), item[0][2]),
        )
    )
