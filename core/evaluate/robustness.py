"""A tagger on test sets, clean and under perturbations: what it loses, and on which entities.

Every figure is strict span F1 over the same sentences, in the same order; a perturbation changes
their words and never how many entities there are. Sentences that it leaves as they were are tagged
only once. The drop is tested with the Multi-Bootstrap over sentences and the seeds of the
perturbation.

Paper: Manafi and Krishnaswamy 2024, Cross-lingual transfer robustness to lower-resource languages
on adversarial datasets, arXiv:2403.20056 (the drop under each perturbation).
Departs: several seeds, and whether the drop is real.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.evaluate.calibration import Calibration, measure_calibration
from core.evaluate.entity_overlap import Mention, Overlap, known_mentions, measure_overlap
from core.evaluate.gold import GoldSentence, keep_labels
from core.evaluate.seeds import Spread, compare_two, spread_of
from core.evaluate.significance import DEFAULT, Bootstrap, Comparison
from core.evaluate.spans import SpanReport, count_by_sentence, score_spans
from core.perturbations import Perturbation, PerturbedSet
from core.types import Labelling, Sentence

Tag = Callable[[Sequence[Sentence]], Sequence[Labelling]]
"""Labels sentences; gold spans are not looked at."""
Tagged = dict[tuple[str, tuple[str, ...]], Labelling]
"""Text and words of a sentence → what was found in it."""
Keep = Callable[["TaggedSet"], None]
"""Is given every set as soon as it is tagged."""


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Sentences with gold spans; `name` tells several of one language apart."""

    name: str
    language: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class TaggedSet:
    """A test set as the tagger saw it, and what it found.

    Attributes:
        name: of the test set.
        perturbation: empty for the clean set.
        seed: of the perturbation; None for the clean set.
        sentences: with gold spans.
        labellings: of each sentence.
    """

    name: str
    perturbation: str
    seed: int | None
    sentences: tuple[Sentence, ...]
    labellings: tuple[Labelling, ...]


@dataclass(frozen=True, slots=True)
class SetScore:
    """How well a tagger did on a set.

    Attributes:
        report: strict scores.
        counts: correct, predicted and gold spans, shape (sentences, 3).
        overlap: seen and unseen entities; None without training sentences.
        calibration: None where the tagger gives no probabilities.
        changes: words or names that were replaced; 0 for the clean set.
        notes: what a reader must know of the perturbed set.
    """

    report: SpanReport
    counts: NDArray[np.int64]
    overlap: Overlap | None
    calibration: Calibration | None
    changes: int = 0
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return {
            **self.report.as_dict(),
            "overlap": None if self.overlap is None else self.overlap.as_dict(),
            "calibration": None if self.calibration is None else self.calibration.as_dict(),
            "changes": self.changes,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class PerturbedScore:
    """How well a tagger did under one perturbation.

    Attributes:
        by_seed: seed → score.
        f1: mean and spread over seeds.
        drop: the clean set against the perturbed ones; its difference is negative where F1 fell.
    """

    by_seed: Mapping[int, SetScore]
    f1: Spread
    drop: Comparison

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return {
            "f1": self.f1.as_dict(),
            "drop_points": self.drop.points_lost,
            "drop_percent": self.drop.percent_lost,
            "test": self.drop.as_dict(),
            "by_seed": {str(seed): score.as_dict() for seed, score in self.by_seed.items()},
        }


@dataclass(frozen=True, slots=True)
class Robustness:
    """A tagger on one test set.

    Attributes:
        test: the clean set.
        clean: scores on it.
        perturbed: perturbation → scores.
    """

    test: GoldSet
    clean: SetScore
    perturbed: Mapping[str, PerturbedScore]

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return {
            "language": self.test.language,
            "clean": self.clean.as_dict(),
            "perturbed": {name: one.as_dict() for name, one in self.perturbed.items()},
        }


@dataclass(frozen=True)
class Examination:
    """How a tagger is examined.

    Attributes:
        tag: the tagger.
        perturbations: by name.
        training: what the tagger was trained on; for the perturbations and the overlap.
        seeds: of the perturbations.
        labels: classes to keep on both sides; None keeps all.
        bootstrap: how to resample.
        keep: is given every set with what was found in it.
    """

    tag: Tag
    perturbations: Mapping[str, Perturbation] = field(default_factory=dict)
    training: Sequence[Sentence] = ()
    seeds: Sequence[int] = (0,)
    labels: Collection[str] | None = None
    bootstrap: Bootstrap = DEFAULT
    keep: Keep | None = None

    def run(self, test: GoldSet, progress: Callable[[int, int], None] | None = None) -> Robustness:
        """Examine on one test set.

        Args:
            test: with gold spans.
            progress: called with (done, total) after each perturbation.
        """
        known = known_mentions(self.training)
        tagged: Tagged = {}
        clean = self._score(test, PerturbedSet(test.sentences), ("", None), known, tagged)
        perturbed = {}
        for done, (name, perturbation) in enumerate(self.perturbations.items(), start=1):
            by_seed = self._by_seed(test, (name, perturbation), known, tagged)
            perturbed[name] = PerturbedScore(
                by_seed,
                spread_of([one.report.overall.f1 for one in by_seed.values()]),
                compare_two(
                    ("clean", {"clean": clean.counts}),
                    (name, {f"{name} {seed}": one.counts for seed, one in by_seed.items()}),
                    bootstrap=self.bootstrap,
                ),
            )
            if progress is not None:
                progress(done, len(self.perturbations))
        return Robustness(test, clean, perturbed)

    def _by_seed(
        self,
        test: GoldSet,
        named: tuple[str, Perturbation],
        known: Collection[Mention],
        tagged: Tagged,
    ) -> dict[int, SetScore]:
        name, perturbation = named
        found: dict[int, SetScore] = {}
        for seed in self.seeds:
            made = perturbation.perturb(test.sentences, training=self.training, seed=seed)
            found[seed] = self._score(test, made, (name, seed), known, tagged)
        return found

    def _tag(self, sentences: Sequence[Sentence], tagged: Tagged) -> tuple[Labelling, ...]:
        def key(one: Sentence) -> tuple[str, tuple[str, ...]]:
            return one.text, one.words

        new = {key(one): one for one in sentences if key(one) not in tagged}
        if new:
            tagged.update(zip(new, self.tag(list(new.values())), strict=True))
        return tuple(tagged[key(one)] for one in sentences)

    def _score(
        self,
        test: GoldSet,
        made: PerturbedSet,
        origin: tuple[str, int | None],
        known: Collection[Mention],
        tagged: Tagged,
    ) -> SetScore:
        labellings = self._tag(made.sentences, tagged)
        if self.keep is not None:
            self.keep(TaggedSet(test.name, *origin, made.sentences, labellings))
        gold = [keep_labels(one.spans, self.labels) for one in made.sentences]
        predicted = [keep_labels(one.spans, self.labels) for one in labellings]
        pairs = [GoldSentence(*one) for one in zip(gold, predicted, strict=True)]
        return SetScore(
            report=score_spans(gold, predicted),
            counts=count_by_sentence(pairs),
            overlap=measure_overlap(made.sentences, predicted, known, self.labels)
            if known
            else None,
            calibration=measure_calibration(made.sentences, labellings, self.labels),
            changes=len(made.changes),
            notes=made.notes,
        )
