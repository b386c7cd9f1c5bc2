"""Back-translation refinement: project from a labelled sentence in the target's own language.

The labelled source sentence is translated, with markers around its entities, back into the target
language; the target sentence is then aligned with that sentence of its own language.

Paper: Politov et al. 2025, arXiv:2501.18750, section 3.3.
Departs: `published` is as in the paper, where an entity whose marker is lost never comes back.
`fallback` projects such entities from the source, `fused` adds the scores of both ways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.config import RunConfig
from core.errors import BackendError, ConfigError
from core.pipeline import Constraints, Pipeline
from core.routes import ROUTES
from core.routes._carrying import carry_back, fuse_ways, join_alignments, spans_as_pins
from core.routes._marking import MarkedTranslation, make_back_translator, translate_marked
from core.stages import Progress, decided, failed, keep_labels, no_report, problem_of
from core.types import Alignment, EntityCandidate, Projection, SentencePair


@dataclass(frozen=True)
class Backtranslation:
    """By way of the labelled sentence translated back into the target's language."""

    needs_source: ClassVar[bool] = True
    makes_target: ClassVar[bool] = False
    translates_back: ClassVar[bool] = True

    variant: Annotated[
        Literal["fused", "fallback", "published"],
        Field(
            description="published: this way alone; fallback: entities lost on this way go the "
            "direct one; fused: the scores of both ways are added"
        ),
    ] = "fused"

    def run(
        self,
        config: RunConfig,
        pairs: Sequence[SentencePair],
        *,
        constraints: Mapping[str, Constraints] | None = None,
        alignments: Sequence[Alignment] | None = None,
        progress: Progress | None = None,
    ) -> list[Projection]:
        """Translate back, project from there, and as the variant says straight as well.

        `alignments` are links between source and target, for the direct way.
        """
        report = progress or no_report
        wanted = constraints or {}
        kept = [keep_labels(pair, config.labels) for pair in pairs]
        marked = translate_marked(make_back_translator(config), kept, report)
        pipeline = Pipeline.from_config(config)
        found = pipeline.run(
            [_from_marked(pair, one) for pair, one in zip(kept, marked, strict=True)],
            constraints={
                pair.id: _renumber(wanted[pair.id], one)
                for pair, one in zip(kept, marked, strict=True)
                if pair.id in wanted
            },
            progress=report,
        )
        back = [
            carry_back(pair, one, way) for pair, one, way in zip(kept, marked, found, strict=True)
        ]
        if self.variant == "published":
            return back
        if self.variant == "fallback":
            wanted = {
                pair.id: _with_pins(wanted.get(pair.id, Constraints()), way)
                for pair, way in zip(kept, back, strict=True)
            }
        direct = pipeline.run(kept, constraints=wanted, alignments=alignments, progress=report)
        join = _fill_up if self.variant == "fallback" else _Fusion(pipeline, wanted)
        return [join(one, two) for one, two in zip(direct, back, strict=True)]

    def check(self, config: RunConfig) -> None:
        """Create every component once.

        Raises:
            ConfigError: scores are to be added and the projector has none (code missing-stage).
        """
        make_back_translator(config)
        pipeline = Pipeline.from_config(config)
        if self.variant == "fused" and not pipeline.scores:
            raise ConfigError(
                f"fusing needs a projector with scores, got {config.projector.name!r}",
                code="missing-stage",
                hint="set route.variant=fallback",
            )


@dataclass(frozen=True)
class _Fusion:
    """Decides a pair again on the scores of both ways."""

    pipeline: Pipeline
    constraints: Mapping[str, Constraints]

    def __call__(self, direct: Projection, back: Projection) -> Projection:
        if back.failure is not None:
            return direct
        if direct.failure is not None:
            return back
        scores, candidates = fuse_ways(direct, back)
        wanted = self.constraints.get(direct.pair.id, Constraints())
        trace = replace(
            direct.trace,
            alignment=join_alignments(direct.trace.alignment, back.trace.alignment),
            candidates=candidates,
            scores=scores,
            messages=back.trace.messages,
            seconds=_both(direct, back),
            marked=back.trace.marked,
        )
        bare = replace(direct, trace=trace)
        problem = replace(problem_of(bare), pins=wanted.pins, bans=wanted.bans)
        try:
            matching = self.pipeline.projector.project(problem)
        except BackendError as error:
            return failed(bare, "match", error)
        return decided(bare, matching, scores)


def _fill_up(direct: Projection, back: Projection) -> Projection:
    """Join a direct projection that was pinned to the spans of the other way with those spans."""
    if back.failure is not None or direct.failure is not None:
        return direct if direct.failure is None else back
    settled = {decision.entity for decision in back.decisions if decision.candidate is not None}
    decisions = [one for one in back.decisions if one.entity in settled]
    decisions += [one for one in direct.decisions if one.entity not in settled]
    notes = [] if len(settled) == len(direct.pair.source.spans) else ["lost entities went direct"]
    return replace(
        direct,
        decisions=tuple(sorted(decisions, key=_place)),
        trace=replace(
            direct.trace,
            alignment=join_alignments(direct.trace.alignment, back.trace.alignment),
            messages=(*back.trace.messages, *notes),
            seconds=_both(direct, back),
            marked=back.trace.marked,
        ),
    )


def _place(decision: object) -> tuple[int, int]:
    candidate = getattr(decision, "candidate", None)
    return getattr(decision, "entity", 0), -1 if candidate is None else candidate.start


def _both(direct: Projection, back: Projection) -> dict[str, float]:
    one, two = direct.trace.seconds, back.trace.seconds
    return {stage: one.get(stage, 0.0) + two.get(stage, 0.0) for stage in {**two, **one}}


def _from_marked(pair: SentencePair, marked: MarkedTranslation) -> SentencePair:
    return SentencePair(marked.sentence, pair.target, pair.id, has_gold=pair.has_gold)


def _renumber(wanted: Constraints, marked: MarkedTranslation) -> Constraints:
    """Name pins and bans by the marked sentence's spans; those of lost entities wait."""

    def of(pairs: Sequence[EntityCandidate]) -> tuple[EntityCandidate, ...]:
        places = [(marked.span_of(one.entity), one) for one in pairs]
        return tuple(replace(one, entity=place) for place, one in places if place is not None)

    return Constraints(of(wanted.pins), of(wanted.bans))


def _with_pins(wanted: Constraints, back: Projection) -> Constraints:
    """Add what was found on the other way, where it leaves a reviewer's pins alone."""
    return replace(wanted, pins=(*wanted.pins, *spans_as_pins(back, wanted.pins)))


ROUTES.register(Backtranslation)
