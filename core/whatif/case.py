"""A pair with all that is dear to compute kept, so that it is decided again in milliseconds."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from core.aligners import ALIGNERS
from core.candidates import CANDIDATES
from core.config import RunConfig
from core.errors import BackendError, DataError
from core.pipeline import Inputs, Pipeline, Terms
from core.projectors import PROJECTORS
from core.scores import SCORES
from core.stages import failed, models_kept
from core.types import Alignment, EntityByCandidate, Projection, SentencePair, Trace
from core.whatif.edits import NO_EDITS, Edits, check_edits
from core.workflow import Workflow

# Score matrices a case keeps: some tens of settings; the oldest go first.
_MOST_TERMS = 64
_DIRECT = "direct"


@dataclass
class Case:
    """One pair, translated and labelled, with its vectors, links and tags.

    It serves every configuration with the same `evidence_key`. Whoever shares it between threads
    needs no lock of its own.

    Attributes:
        key: of the configurations it serves.
        pair: with its source sentence and entities.
        inputs: what the direct route decides on; None with another route.
        alignment: the aligner's links, without edits; None where there are none.
    """

    key: str
    pair: SentencePair
    inputs: Inputs | None
    alignment: Alignment | None
    terms: dict[tuple[object, ...], EntityByCandidate] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def evidence_key(config: RunConfig) -> str:
    """Name what vectors, links and tags depend on: all but candidates, weights and matching."""
    asked = _inputs_of(config)
    parts = {
        "encoder": config.encoder.model_dump_json(),
        "aligner": config.aligner.model_dump_json(),
        "labels": repr(config.labels),
        "translator": repr(config.translator),
        "labeller": repr(config.labeller),
        "route": config.route.model_dump_json(),
        # Which of the two are computed depends on what the components ask for.
        "vectors": repr("vectors" in asked),
        "tagger": repr(config.tagger if "target_tags" in asked else None),
        "back": repr(config.back_translator),
    }
    return "|".join(f"{name}:{value}" for name, value in parts.items())


def _inputs_of(config: RunConfig) -> set[str]:
    """List what a method's components ask for; with another route than the direct one, all."""
    if config.route.name != _DIRECT:
        return {"vectors", "target_tags"}
    asked = {*ALIGNERS.get(config.aligner.name).inputs}
    if "scores" in PROJECTORS.get(config.projector.name).inputs:
        asked.update(*(CANDIDATES.get(one.name).inputs for one in config.candidates))
        asked.update(*(SCORES.get(one.name).inputs for one in config.scores))
    return asked


def make_case(config: RunConfig, pair: SentencePair) -> Case:
    """Translate, label, encode and align one pair.

    Args:
        config: a method, with the stages the pair needs.
        pair: from a corpus, or typed.

    Raises:
        SpanbridgeError: the configuration cannot work here. A pair that cannot be aligned makes a
            case whose projections are failed.
    """
    workflow = Workflow.from_config(config)
    with models_kept():
        if workflow.route.needs_source:
            pair = workflow.prepare([pair])[0]
        if config.route.name == _DIRECT:
            inputs = Pipeline.from_config(workflow.config).prepare([pair])[0]
            return Case(evidence_key(config), inputs.pair, inputs, inputs.alignment)
        base = workflow.route.run(workflow.config, [pair])[0]
    return Case(evidence_key(config), base.pair, None, base.trace.alignment)


def solve(case: Case, config: RunConfig, edits: Edits = NO_EDITS) -> Projection:
    """Decide a case under a configuration with some edits.

    Args:
        case: made with the same evidence key.
        config: the method.
        edits: links, pins, bans and entities that differ.

    Raises:
        ConfigError: pins that clash.
        DataError: edits that do not fit the pair (code bad-annotation).
        SpanbridgeError: the configuration cannot work here.
    """
    check_edits(edits, case.pair)
    pair = edits.pair(case.pair)
    alignment = None if case.alignment is None else edits.links(case.alignment)
    if case.inputs is None:
        return _solve_route(config, pair, edits, alignment)
    pipeline = Pipeline.from_config(config)
    inputs = replace(case.inputs, pair=pair, alignment=alignment)
    with case.lock, models_kept():
        projection = pipeline.decide(inputs, constraints=edits.constraints, terms=case.terms)
        _forget(case.terms)
    return projection


def _solve_route(
    config: RunConfig, pair: SentencePair, edits: Edits, alignment: Alignment | None
) -> Projection:
    """Run another route than the direct one as a whole; its edited links are the aligner's."""
    workflow = Workflow.from_config(config)
    constraints = {pair.id: edits.constraints} if edits.pins or edits.bans else None
    edited = bool(edits.added or edits.removed) and alignment is not None
    with models_kept():
        try:
            return workflow.route.run(
                workflow.config,
                [pair],
                constraints=constraints,
                alignments=[alignment] if edited and alignment is not None else None,
            )[0]
        except (BackendError, DataError) as error:
            if not edits:
                raise
            bare = Projection(pair, config.method, (), (), Trace(alignment=alignment))
            return failed(bare, "route", error)


def _forget(terms: Terms) -> None:
    while len(terms) > _MOST_TERMS:
        del terms[next(iter(terms))]
