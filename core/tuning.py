"""Tuning the weights of scores on a small gold set, with cross-validation.

The scores of every pair are computed once; a setting only sums and matches them again. Coordinate
ascent over a fixed grid finds the weights: one score at a time, the others held. How good they are
is told by folds that took no part in choosing them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.config import RunConfig
from core.errors import ConfigError
from core.evaluate.gold import gold_corpus
from core.evaluate.spans import SpanScore
from core.projectors import PROJECTORS
from core.stages import fuse, problem_of, spans_of
from core.types import Projection, Span

WEIGHTS = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
LEAST_SCORES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
_ROUNDS = 3
_THRESHOLD = "min_score"


@dataclass(frozen=True, slots=True)
class Setting:
    """Weights by score, and the least total score where the projector has one."""

    weights: tuple[tuple[str, float], ...]
    least: float | None


@dataclass(frozen=True, slots=True)
class Tuned:
    """What tuning found.

    Attributes:
        config: the configuration with the best weights.
        setting: these weights.
        before: score of the configuration as it was, on all sentences.
        after: score of the tuned one on all sentences, which it has seen: an upper bound.
        held_out: score over the folds, each under weights chosen without it.
        folds: how many.
        sentences: how many sentences with gold.
        before_spans: what the configuration as it was projects on each of these sentences.
        held_out_spans: what it projects under weights chosen without the sentence's fold.
    """

    config: RunConfig
    setting: Setting
    before: SpanScore
    after: SpanScore
    held_out: SpanScore
    folds: int
    sentences: int
    before_spans: tuple[frozenset[Span], ...] = field(default=(), repr=False)
    held_out_spans: tuple[frozenset[Span], ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the result, ready for JSON."""
        return {
            "weights": dict(self.setting.weights),
            "min_score": self.setting.least,
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
            "held_out": self.held_out.as_dict(),
            "gain_points": 100 * (self.held_out.f1 - self.before.f1),
            "folds": self.folds,
            "sentences": self.sentences,
        }


def tune(
    config: RunConfig, projections: Sequence[Projection], *, folds: int = 5, seed: int = 0
) -> Tuned:
    """Choose weights (and the projector's least score) for the most strict span F1.

    Args:
        config: the configuration the projections were made with.
        projections: with their scores, and gold target entities.
        folds: parts for cross-validation; each is judged under weights chosen on the others.
        seed: decides which sentence is in which part.

    Raises:
        ConfigError: the method has no scores to weigh (code missing-stage), or fewer sentences with
            gold than folds (bad-value).
        DataError: no sentence has gold annotation (code missing-gold).
    """
    bench = _Bench.of(config, projections)
    if len(bench.gold) < folds or folds < 2:
        raise ConfigError(
            f"tuning needs at least 2 folds and a sentence with gold a fold, got {folds} folds and "
            f"{len(bench.gold)} sentences",
            code="bad-value",
        )
    everything = np.arange(len(bench.gold))
    parts = np.array_split(np.random.default_rng(seed).permutation(everything), folds)
    held_out = np.zeros(3, dtype=np.int64)
    held_out_spans = [frozenset[Span]()] * len(everything)
    for part in parts:
        chosen = bench.search(np.setdiff1d(everything, part))
        held_out += bench.counts(chosen)[part].sum(axis=0)
        for place, spans in zip(part.tolist(), bench.spans(chosen, part.tolist()), strict=True):
            held_out_spans[place] = spans
    best = bench.search(everything)
    return Tuned(
        config=_configured(config, best),
        setting=best,
        before=_score(bench.counts(bench.start).sum(axis=0)),
        after=_score(bench.counts(best).sum(axis=0)),
        held_out=_score(held_out),
        folds=folds,
        sentences=len(bench.gold),
        before_spans=tuple(bench.spans(bench.start, everything.tolist())),
        held_out_spans=tuple(held_out_spans),
    )


@dataclass
class _Bench:
    """Sentences with scores, and what every setting tried so far gets on each of them."""

    config: RunConfig
    projections: list[Projection]
    gold: list[frozenset[Span]]
    start: Setting
    known: dict[Setting, NDArray[np.int64]] = field(default_factory=dict)

    @classmethod
    def of(cls, config: RunConfig, projections: Sequence[Projection]) -> _Bench:
        projector = PROJECTORS.create(config.projector.name, config.projector.parameters)
        if config.route.name != "direct" or "scores" not in projector.inputs or not config.scores:
            raise ConfigError(
                f"tuning weighs the scores of a direct projection, got the method "
                f"{config.method!r}, which has none",
                code="missing-stage",
                hint="choose a method with scores, such as fused",
            )
        kept = [one for one in projections if one.pair.has_gold]
        gold = [frozenset(sentence.gold) for sentence in gold_corpus(kept).sentences]
        least = getattr(projector, _THRESHOLD, None)
        start = Setting(tuple((score.name, score.weight) for score in config.scores), least)
        return cls(config, kept, gold, start)

    def search(self, places: NDArray[np.int64]) -> Setting:
        """Find the best setting for some sentences; among equals the one nearest the start."""
        best, top = self.start, self._f1(self.start, places)
        for _ in range(_ROUNDS):
            before = best
            for step in self._steps(best):
                value = self._f1(step, places)
                if value > top:
                    best, top = step, value
            if best == before:
                break
        return best

    def _steps(self, around: Setting) -> list[Setting]:
        names = [name for name, _ in around.weights]
        steps = []
        for place, name in enumerate(names):
            for value in WEIGHTS:
                weights = list(around.weights)
                weights[place] = (name, value)
                if any(weight > 0 for _, weight in weights):
                    steps.append(replace(around, weights=tuple(weights)))
        if around.least is not None:
            steps += [replace(around, least=value) for value in LEAST_SCORES]
        return steps

    def _f1(self, setting: Setting, places: NDArray[np.int64]) -> float:
        return _score(self.counts(setting)[places].sum(axis=0)).f1

    def counts(self, setting: Setting) -> NDArray[np.int64]:
        """Return correct, predicted and gold spans of every sentence, shape (sentences, 3)."""
        if setting not in self.known:
            rows = [
                (len(found & gold), len(found), len(gold))
                for found, gold in zip(
                    self.spans(setting, range(len(self.gold))), self.gold, strict=True
                )
            ]
            self.known[setting] = np.array(rows, dtype=np.int64)
        return self.known[setting]

    def spans(self, setting: Setting, places: Iterable[int]) -> list[frozenset[Span]]:
        """Return what a setting projects on some sentences; nothing where the sentence failed."""
        projector = _configured(self.config, setting).projector
        made = PROJECTORS.create(projector.name, projector.parameters)
        found = []
        for place in places:
            one = self.projections[place]
            spans: frozenset[Span] = frozenset()
            scores = one.trace.scores
            if one.failure is None and scores is not None:
                fused = fuse(dict(scores.terms), dict(setting.weights))
                problem = replace(problem_of(one), scores=fused)
                spans = frozenset(spans_of(made.project(problem), problem))
            found.append(spans)
        return found


def _configured(config: RunConfig, setting: Setting) -> RunConfig:
    """Put weights and threshold into a configuration; a score of weight 0 is left out."""
    weights = dict(setting.weights)
    scores = tuple(
        score.model_copy(update={"weight": weights[score.name]})
        for score in config.scores
        if weights[score.name] > 0
    )
    projector = config.projector
    if setting.least is not None:
        projector = projector.with_parameters({_THRESHOLD: setting.least})
    return config.model_copy(update={"scores": scores, "projector": projector})


def _score(counts: NDArray[np.int64]) -> SpanScore:
    correct, predicted, gold = (int(count) for count in counts)
    return SpanScore(correct, predicted, gold)
