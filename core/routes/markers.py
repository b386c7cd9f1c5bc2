"""Marker projection: the translator itself carries the entities over, no word alignment.

Paper: Chen et al. 2023, EasyProject, arXiv:2211.15613.
Departs: EasyProject makes training data, and its translation is the target sentence. That is done
where the target is still to be made. Where the target sentence is given, the marked translation
only tells how each entity is said in the target language; it is looked for among the target's
n-grams by string similarity, and the matching makes sure that no word is taken twice.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from core.candidates.ngram import NGram
from core.config import RunConfig
from core.errors import BackendError, ConfigError
from core.matching.fixed import pinned_candidates
from core.pipeline import Constraints
from core.projectors import PROJECTORS
from core.routes import ROUTES
from core.routes._marking import (
    LEAST_RATIO,
    MarkedTranslation,
    make_back_translator,
    translate_marked,
)
from core.stages import (
    Progress,
    decided,
    failed,
    fuse,
    keep_labels,
    no_report,
    problem_of,
    with_seconds,
)
from core.types import (
    Alignment,
    Candidate,
    Decision,
    EntityByCandidate,
    Problem,
    Projection,
    SentencePair,
    Trace,
)


@dataclass(frozen=True)
class Markers:
    """Entities marked before translation and found again behind it."""

    needs_source: ClassVar[bool] = True
    makes_target: ClassVar[bool] = True
    translates_back: ClassVar[bool] = True

    drop_damaged: Annotated[
        bool,
        Field(description="fail a sentence whose markers did not all come back, as EasyProject"),
    ] = False
    least_ratio: Annotated[
        float,
        Field(ge=0, le=1, description="least string similarity of an entity and its place"),
    ] = LEAST_RATIO
    max_len: Annotated[
        int, Field(ge=1, le=60, description="longest span looked at in a given target")
    ] = 10

    def run(
        self,
        config: RunConfig,
        pairs: Sequence[SentencePair],
        *,
        constraints: Mapping[str, Constraints] | None = None,
        alignments: Sequence[Alignment] | None = None,
        progress: Progress | None = None,
    ) -> list[Projection]:
        """Mark, translate, and find every entity again; links have nothing to act on."""
        del alignments
        report = progress or no_report
        kept = [keep_labels(pair, config.labels) for pair in pairs]
        translator = make_back_translator(config)
        started = time.perf_counter()
        translations = translate_marked(translator, kept, report, phrases=True)
        spent = {"mark": (time.perf_counter() - started) / max(len(kept), 1)}
        return [
            with_seconds(
                self._project(config, pair, one, (constraints or {}).get(pair.id, Constraints())),
                spent,
            )
            for pair, one in zip(kept, translations, strict=True)
        ]

    def check(self, config: RunConfig) -> None:
        """Create translator and projector once.

        Raises:
            ConfigError: the projector does not match scores (code missing-stage).
        """
        make_back_translator(config)
        if "scores" not in PROJECTORS.create(config.projector.name).inputs:
            raise ConfigError(
                f"the route 'markers' needs a projector that matches scores, "
                f"got {config.projector.name!r}",
                code="missing-stage",
                hint="choose the method easyproject, or projector ilp or greedy",
            )

    def _project(
        self,
        config: RunConfig,
        pair: SentencePair,
        translation: MarkedTranslation,
        constraints: Constraints,
    ) -> Projection:
        notes = (translation.damage,) if translation.damage else ()
        trace = Trace(marked=translation.sentence, messages=notes)
        bare = Projection(pair, config.method, (), (), trace)
        if self.drop_damaged and translation.damage:
            error = BackendError(translation.damage, code="marker-lost")
            return failed(bare, "markers", error)
        if not pair.target.words:
            return _as_translated(bare, translation)
        problem = replace(problem_of(bare), pins=constraints.pins, bans=constraints.bans)
        problem = replace(problem, candidates=self._candidates(problem))
        matrix = self._similarities(problem, pair, translation)
        scores = fuse({"marker": matrix}, {"marker": 1.0})
        projector = PROJECTORS.create(config.projector.name, config.projector.parameters)
        try:
            matching = projector.project(replace(problem, scores=scores))
        except BackendError as error:
            return failed(bare, "match", error)
        return decided(bare, matching, scores)

    def _candidates(self, problem: Problem) -> tuple[Candidate, ...]:
        found = NGram(max_len=self.max_len).extract(problem) if problem.entities else ()
        return pinned_candidates(found, problem.pins)

    def _similarities(
        self, problem: Problem, pair: SentencePair, translation: MarkedTranslation
    ) -> EntityByCandidate:
        """Compare all that an entity may be called with every candidate's text."""
        matrix = np.zeros((len(problem.entities), len(problem.candidates)))
        if not matrix.size:
            return matrix
        from rapidfuzz.fuzz import ratio
        from rapidfuzz.process import cdist

        texts = [pair.target.text_of(candidate).casefold() for candidate in problem.candidates]
        for number, entity in enumerate(problem.entities):
            names = [pair.source.text_of(entity), translation.phrases.get(number, "")]
            place = translation.span_of(number)
            if place is not None:
                names.append(translation.sentence.text_of(translation.sentence.spans[place]))
            wanted = sorted({name.casefold() for name in names if name})
            matrix[number] = cdist(wanted, texts, scorer=ratio).max(axis=0) / 100
        return np.where(matrix > self.least_ratio, matrix, 0.0)


def _as_translated(bare: Projection, translation: MarkedTranslation) -> Projection:
    """Take the marked translation for the target sentence."""
    spans, entities = translation.sentence.spans, translation.entities
    decisions = []
    for number in range(len(bare.pair.source.spans)):
        place = translation.span_of(number)
        if place is None:
            decisions.append(Decision(number, None, "marker-lost"))
        else:
            span = spans[place]
            chosen = Candidate(span.start, span.end, ("marker",))
            decisions.append(Decision(entities[place], chosen, "chosen"))
    target = replace(translation.sentence, spans=(), id=bare.pair.target.id)
    return replace(
        bare,
        pair=replace(bare.pair, target=target, has_gold=False),
        spans=spans,
        decisions=tuple(decisions),
        trace=replace(bare.trace, status="heuristic"),
    )


ROUTES.register(Markers)
