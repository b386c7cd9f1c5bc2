"""What each stage of the pipeline costs: one stage at a time is replaced by gold.

The difference between such an oracle run and the run as configured is what the stage loses. The
differences do not add up: a link that is wrong for an entity nobody labelled costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from core.config import RunConfig
from core.evaluate.counterparts import find_counterparts
from core.evaluate.evidence import gather
from core.evaluate.outcomes import match_spans
from core.evaluate.spans import ProjectionReport, score_projections
from core.evaluate.translation import TranslationQuality, translation_quality
from core.methods import DEFAULT, method
from core.pipeline import Pipeline
from core.stages import Progress, keep_labels, no_report
from core.types import Alignment, Candidate, Link, Projection, SentencePair
from core.workflow import Workflow

Oracle = Literal["translation", "labels", "candidates", "links"]


@dataclass(frozen=True, slots=True)
class OracleRun:
    """One stage replaced by gold.

    Attributes:
        stage: which one.
        report: scores of the run; None where there is nothing to put in the stage's place.
        remark: what was put in its place, or why nothing was.
    """

    stage: Oracle
    report: ProjectionReport | None
    remark: str


@dataclass(frozen=True, slots=True)
class StageBudget:
    """The run as configured and its oracle runs.

    Attributes:
        signature: of the run as configured.
        report: its scores.
        oracles: one a stage, in order of the pipeline.
        quality: of the translation, where the corpus has a reference.
    """

    signature: str
    report: ProjectionReport
    oracles: tuple[OracleRun, ...]
    quality: TranslationQuality | None

    def as_dict(self) -> dict[str, Any]:
        """Return scores and differences in points of F1, ready for JSON."""
        base = self.report.headline
        rows: dict[str, dict[str, Any]] = {}
        for one in self.oracles:
            rows[one.stage] = {"remark": one.remark}
            if one.report is not None:
                found = one.report.headline
                rows[one.stage] |= {
                    "f1": found.overall.f1,
                    "costs_points": 100 * (found.overall.f1 - base.overall.f1),
                    "per_label_points": {
                        label: 100 * (found.per_label[label].f1 - score.f1)
                        for label, score in base.per_label.items()
                        if label in found.per_label
                    },
                }
        return {
            "signature": self.signature,
            **self.report.as_dict(),
            "oracles": rows,
            "translation": None if self.quality is None else self.quality.as_dict(),
        }


def stage_budget(
    config: RunConfig,
    pairs: Sequence[SentencePair],
    *,
    corpus: str = "",
    progress: Progress | None = None,
) -> StageBudget:
    """Run a configuration as it is, and with one stage at a time replaced by gold.

    Args:
        config: a method with the stages before it.
        pairs: a corpus with gold target entities.
        corpus: its name, for the signature.
        progress: called as stages advance.

    Raises:
        DataError: the corpus has no gold.
        SpanbridgeError: the configuration cannot run here.
    """
    report = progress or no_report
    workflow = Workflow.from_config(config)
    prepared = workflow.prepare(pairs, report) if workflow.route.needs_source else list(pairs)
    base = workflow.route.run(workflow.config, prepared, progress=report)
    budget = _Budget(workflow, pairs, prepared, base, report)
    makers: dict[Oracle, Callable[[], tuple[list[Projection] | None, str]]] = {
        "translation": budget.translation,
        "labels": budget.labels,
        "candidates": budget.candidates,
        "links": budget.links,
    }
    oracles = []
    for stage, make in makers.items():
        found, remark = make()
        scores = None if found is None else score_projections(found)
        oracles.append(OracleRun(stage, scores, remark))
    return StageBudget(
        signature=workflow.config.signature(corpus=corpus),
        report=score_projections(base),
        oracles=tuple(oracles),
        quality=translation_quality(pairs, prepared) if config.translator else None,
    )


@dataclass(frozen=True)
class _Budget:
    """The oracle runs; each returns its projections, or none, and a remark."""

    workflow: Workflow
    pairs: Sequence[SentencePair]
    prepared: Sequence[SentencePair]
    base: Sequence[Projection]
    progress: Progress

    def translation(self) -> tuple[list[Projection] | None, str]:
        if self.workflow.translator is None:
            return None, "nothing is translated"
        if not all(pair.source.words for pair in self.pairs):
            return None, "the corpus has no reference translation"
        reference = replace(self.workflow, translator=None)
        prepared = reference.prepare(self.pairs, self.progress)
        return self._run(prepared), "the corpus's own source sentences"

    def labels(self) -> tuple[list[Projection] | None, str]:
        if self.workflow.labeller is None:
            return None, "the labels are gold already"
        if self.workflow.translator is None and all(pair.source_labelled for pair in self.pairs):
            return self._run(self.pairs), "the corpus's own source entities"
        kept = [keep_labels(pair, self.workflow.config.labels) for pair in self.prepared]
        turned = [replace(pair, source=pair.target, target=pair.source, links={}) for pair in kept]
        carried = Pipeline.from_config(method(DEFAULT)).run(turned, progress=self.progress)
        relabelled = [
            replace(pair, source=replace(pair.source, spans=one.spans), source_tags=None)
            for pair, one in zip(self.prepared, carried, strict=True)
        ]
        total = sum(len(pair.target.spans) for pair in kept)
        lost = total - sum(len(one.spans) for one in carried)
        remark = (
            f"target gold carried onto the source by the default method; {lost} of {total} lost"
        )
        return self._run(relabelled), remark

    def candidates(self) -> tuple[list[Projection] | None, str]:
        pipeline = self._pipeline()
        if pipeline is None or not pipeline.scores:
            return None, "the method chooses among no candidates"
        gold = [
            tuple(
                Candidate(span.start, span.end, ("gold",))
                for span in keep_labels(pair, self.workflow.config.labels).target.spans
            )
            for pair in self.prepared
        ]
        found = pipeline.run(self.prepared, candidates=gold, progress=self.progress)
        return found, "only the gold spans are proposed"

    def links(self) -> tuple[list[Projection] | None, str]:
        pipeline = self._pipeline()
        if pipeline is None:
            return None, "the method has no links of its own"
        known = [one.trace.alignment for one in self.base]
        if any(alignment is None for alignment in known):
            return None, "some sentences could not be aligned"
        ideal = [_ideal_links(one) for one in self.base]
        found = pipeline.run(self.prepared, alignments=ideal, progress=self.progress)
        return found, "every word of an entity linked to every word of its gold counterpart"

    def _pipeline(self) -> Pipeline | None:
        """Return the pipeline where the route is nothing but it."""
        if self.workflow.config.route.name != "direct":
            return None
        return Pipeline.from_config(self.workflow.config)

    def _run(self, pairs: Sequence[SentencePair]) -> list[Projection] | None:
        return self.workflow.route.run(self.workflow.config, pairs, progress=self.progress)


def _ideal_links(projection: Projection) -> Alignment:
    """Replace all links at entities and gold spans by those between counterparts."""
    alignment = projection.trace.alignment or Alignment(())
    gold = projection.pair.target.spans
    entities = projection.pair.source.spans
    counterparts = find_counterparts(gather(projection), match_spans(gold, projection.spans))
    inside_source = {word for span in entities for word in range(span.start, span.end)}
    inside_target = {word for span in gold for word in range(span.start, span.end)}
    links = {
        link
        for link in alignment.links
        if link.source not in inside_source and link.target not in inside_target
    }
    for entity, span in counterparts.gold_of.items():
        source = entities[entity]
        links |= {
            Link(word, target)
            for word in range(source.start, source.end)
            for target in range(span.start, span.end)
        }
    return replace(alignment, links=tuple(sorted(links)))
