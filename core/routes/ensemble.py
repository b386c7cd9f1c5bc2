"""Ensemble of translate-test projection and a tagger of the target language.

Paper: Ebing and Glavaš 2025, arXiv:2505.10507, section 5 (mean of both class distributions a word).
Departs: a projected span carries the mean class distribution of its source words, any other word
that of the source words it is linked to; where it is linked to none, the tagger alone decides. The
tagger may be one trained on translations (translate-train) or any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.config import RunConfig
from core.pipeline import Constraints, Pipeline
from core.routes import ROUTES
from core.stages import Progress, free, make_tagger, no_report
from core.text.tagging import decode
from core.text.tags import split_tag
from core.types import Alignment, Decision, Projection, SentencePair, Span, WordTags


@dataclass(frozen=True)
class Ensemble:
    """Projection and the tagger's own view of the target, averaged word by word."""

    needs_source: ClassVar[bool] = True
    makes_target: ClassVar[bool] = False
    translates_back: ClassVar[bool] = False

    share: Annotated[
        float, Field(ge=0, le=1, description="weight of the projection; the rest is the tagger's")
    ] = 0.5

    def run(
        self,
        config: RunConfig,
        pairs: Sequence[SentencePair],
        *,
        constraints: Mapping[str, Constraints] | None = None,
        alignments: Sequence[Alignment] | None = None,
        progress: Progress | None = None,
    ) -> list[Projection]:
        """Project, tag, and decode the mean of both."""
        report = progress or no_report
        projected = Pipeline.from_config(config).run(
            pairs, constraints=constraints, alignments=alignments, progress=report
        )
        tagger = make_tagger(config)
        labellings = tagger.label(
            [pair.target for pair in pairs], lambda done, total: report("tag", done, total)
        )
        free(tagger)
        return [
            one
            if one.failure or labelling.tags is None
            else self._join(one, labelling.tags, config)
            for one, labelling in zip(projected, labellings, strict=True)
        ]

    def check(self, config: RunConfig) -> None:
        """Create every component once."""
        Pipeline.from_config(config)
        make_tagger(config)

    def _join(self, projection: Projection, tags: WordTags, config: RunConfig) -> Projection:
        found = {span.label for span in projection.spans}
        classes = sorted(config.labels or found.union(tags.classes))
        names = ("O", *(f"{prefix}-{name}" for name in classes for prefix in "BI"))
        tagged = _columns(tags, names)
        mean = self.share * _projected(projection, names, tagged) + (1 - self.share) * tagged
        joint = WordTags(names, mean.astype(np.float32))
        spans = decode(joint)
        decisions = tuple(_after_vote(one, projection, spans) for one in projection.decisions)
        trace = replace(projection.trace, target_tags=joint)
        return replace(projection, spans=spans, decisions=decisions, trace=trace)


def _projected(
    projection: Projection, names: Sequence[str], unlinked: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return tag probabilities of every target word as the source sees it.

    Args:
        projection: with links and decisions.
        names: tags, O first.
        unlinked: probabilities for words that no link leads to, shape (words, names).
    """
    pair = projection.pair
    matrix = _linked(projection, names, unlinked)
    for decision in projection.decisions:
        if decision.candidate is None:
            continue
        masses = _class_masses(pair.source_tags, pair.source.spans[decision.entity])
        for word in range(decision.candidate.start, decision.candidate.end):
            prefix = "B" if word == decision.candidate.start else "I"
            matrix[word] = 0.0
            for label, mass in masses.items():
                if f"{prefix}-{label}" in names:
                    matrix[word, names.index(f"{prefix}-{label}")] = mass
            matrix[word, 0] = max(1.0 - matrix[word, 1:].sum(), 0.0)
    return matrix


def _linked(
    projection: Projection, names: Sequence[str], unlinked: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give each target word the mean probabilities of the source words linked to it."""
    pair, alignment = projection.pair, projection.trace.alignment
    if alignment is None:
        return unlinked.copy()
    links = alignment.matrix(len(pair.source.words), len(pair.target.words)).astype(np.float64)
    counts = links.sum(axis=0)[:, None]
    source = np.zeros((len(pair.source.words), len(names)))
    source[:, 0] = 1.0  # without probabilities a word outside all entities is surely O
    if pair.source_tags is not None:
        source = _columns(pair.source_tags, names)
    return np.asarray(np.where(counts > 0, links.T @ source / np.maximum(counts, 1), unlinked))


def _class_masses(tags: WordTags | None, entity: Span) -> dict[str, float]:
    """Return the mean probability of each class over an entity's words."""
    if tags is None:
        return {entity.label: 1.0}
    rows = tags.probabilities[entity.start : entity.end].mean(axis=0, dtype=np.float64)
    masses: dict[str, float] = {}
    for tag, mass in zip(tags.tags, rows.tolist(), strict=True):
        label = split_tag(tag)[1]
        if label:
            masses[label] = masses.get(label, 0.0) + mass
    return masses


def _columns(tags: WordTags, names: Sequence[str]) -> NDArray[np.float64]:
    """Lay a tagger's probabilities on these tags; what belongs to no class goes to O."""
    matrix = np.zeros((len(tags.probabilities), len(names)))
    for column, name in enumerate(names):
        if name != "O" and name in tags.tags:
            matrix[:, column] = tags.probabilities[:, tags.tags.index(name)]
    matrix[:, 0] = np.maximum(1.0 - matrix.sum(axis=1), 0.0)
    return matrix


def _after_vote(decision: Decision, projection: Projection, spans: Sequence[Span]) -> Decision:
    """Take a decision back whose span did not come out of the vote."""
    chosen = decision.candidate
    if chosen is None:
        return decision
    label = projection.pair.source.spans[decision.entity].label
    if Span(chosen.start, chosen.end, label) in spans:
        return decision
    return Decision(
        decision.entity,
        None,
        "outvoted",
        runner_up=chosen,
        runner_up_score=decision.score,
        margin=-decision.score,
    )


ROUTES.register(Ensemble)
