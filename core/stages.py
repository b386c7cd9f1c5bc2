"""Single stages of the pipeline, for whoever needs one of them alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Final, Protocol, runtime_checkable

import numpy as np

from core.aligners import ALIGNERS
from core.config import RunConfig
from core.encoders import Encoder
from core.errors import ConfigError, ErrorCode, SpanbridgeError
from core.labellers import LABELLERS, Labeller
from core.registry import build
from core.types import (
    Alignment,
    Candidate,
    Failure,
    Matching,
    PairVectors,
    Problem,
    Projection,
    ScoreMatrix,
    SentencePair,
    Span,
)

Progress = Callable[[str, int, int], None]
"""Called with (stage, done, total)."""


_OF_ONE_TEXT: Final[frozenset[ErrorCode]] = frozenset(
    {
        "bad-annotation",
        "bad-value",
        "infeasible",
        "marker-lost",
        "missing-links",
        "missing-translation",
        "no-room",
        "solver-failed",
        "text-refused",
    }
)
_KEPT: ContextVar[bool] = ContextVar("models_kept", default=False)


@runtime_checkable
class HoldsModel(Protocol):
    """A component with a model that can be freed; the next call loads it again."""

    def release(self) -> None:
        """Free the model."""
        ...


@contextmanager
def models_kept() -> Iterator[None]:
    """Keep models in memory between stages: a page asks for one sentence after another."""
    token = _KEPT.set(True)
    try:
        yield
    finally:
        _KEPT.reset(token)


def free(*components: object) -> None:
    """Free the models of stages that are done, so that the next stage has their memory."""
    if not _KEPT.get():
        for component in components:
            if isinstance(component, HoldsModel):
                component.release()


def align_pairs(
    config: RunConfig, pairs: Sequence[SentencePair], *, progress: Progress | None = None
) -> list[Alignment]:
    """Run only the aligner of a configuration.

    Raises:
        ConfigError: an unknown aligner or parameter.
        DataError: a pair cannot be aligned.
        BackendError: a package or model is missing.
    """
    aligner = ALIGNERS.create(config.aligner.name, config.aligner.parameters)
    report = progress or no_report
    if "vectors" not in aligner.inputs:
        return aligner.align(pairs)
    return aligner.align(pairs, encode_pairs(make_encoder(config), pairs, report))


def encode_pairs(
    encoder: Encoder, pairs: Sequence[SentencePair], report: Progress
) -> list[PairVectors]:
    """Encode both sides of every pair in one batch, so that equal sentences are encoded once."""
    sentences = [one for pair in pairs for one in (pair.source, pair.target)]
    encoded = encoder.encode(sentences, lambda done, total: report("encode", done, total))
    return [
        PairVectors(source, target)
        for source, target in zip(encoded[::2], encoded[1::2], strict=True)
    ]


def no_report(stage: str, done: int, total: int) -> None:
    """Take no notice of progress."""


def make_encoder(config: RunConfig) -> Encoder:
    """Make the encoder of a configuration.

    Raises:
        ConfigError: an unknown parameter or a value out of range.
    """
    parameters = dict(config.encoder.parameters)
    if config.encoder.name != "bundled":
        parameters.setdefault("model", config.encoder.name)
    return build(Encoder, parameters, what="encoder")


def make_tagger(config: RunConfig) -> Labeller:
    """Make the tagger of target sentences.

    Raises:
        ConfigError: none is chosen (missing-stage), or an unknown name or parameter.
        BackendError: a package is missing.
    """
    if config.tagger is None:
        raise ConfigError(
            f"the method {config.method!r} needs a tagger for target sentences, got none",
            code="missing-stage",
            hint="add --tagger default",
        )
    return LABELLERS.create(config.tagger.name, config.tagger.parameters)


def keep_labels(pair: SentencePair, labels: Iterable[str] | None) -> SentencePair:
    """Drop source entities of other classes, so that they do not compete for words."""
    if labels is None:
        return pair
    kept = set(labels)
    spans = tuple(span for span in pair.source.spans if span.label in kept)
    gold = tuple(span for span in pair.target.spans if span.label in kept)
    return replace(
        pair, source=replace(pair.source, spans=spans), target=replace(pair.target, spans=gold)
    )


def unite(groups: Sequence[tuple[Candidate, ...]]) -> tuple[Candidate, ...]:
    """Unite candidate sets; a span that several extractors propose keeps all its origins."""
    if len(groups) == 1:
        return groups[0]  # distinct and sorted, as every extractor's are
    origins: dict[tuple[int, int], tuple[str, ...]] = {}
    for group in groups:
        for candidate in group:
            known = origins.get((candidate.start, candidate.end), ())
            origins[candidate.start, candidate.end] = (*known, *candidate.origins)
    return tuple(Candidate(start, end, origins[start, end]) for start, end in sorted(origins))


def fuse(terms: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> ScoreMatrix:
    """Sum score terms: `total = Σ weight · term`.

    Raises:
        ConfigError: a term is negative or not finite (code bad-value), which would make "not
            matched" look better than a match.
    """
    summed = sum(weights[name] * term for name, term in terms.items())
    total = np.asarray(summed, dtype=np.float64)
    is_sound = not total.size or total.max() < np.inf  # not where any is NaN
    for name, term in terms.items():
        if term.size and not (term.min() >= 0 and (is_sound or term.max() < np.inf)):
            raise ConfigError(
                f"scores must be finite and >= 0, got others in {name!r}", code="bad-value"
            )
        term.flags.writeable = False
    total.flags.writeable = False
    return ScoreMatrix(dict(terms), dict(weights), total)


def by_languages(pairs: Sequence[SentencePair]) -> dict[tuple[str, str], list[int]]:
    """Group the places of pairs by (source, target) language."""
    groups: dict[tuple[str, str], list[int]] = {}
    for place, pair in enumerate(pairs):
        groups.setdefault((pair.source.language, pair.target.language), []).append(place)
    return groups


def join_alignments(one: Alignment, other: Alignment | None) -> Alignment:
    """Unite the links of two alignments; the similarity is the first one's."""
    if other is None:
        return one
    links = tuple(sorted({*one.links, *other.links}))
    notes = dict.fromkeys(filter(None, [one.note, other.note]))
    return replace(one, links=links, note="; ".join(notes))


def problem_of(projection: Projection) -> Problem:
    """Return what a projection was decided on, to decide it again with something changed."""
    pair, trace = projection.pair, projection.trace
    return Problem(
        entities=pair.source.spans,
        source_words=pair.source.words,
        target_words=pair.target.words,
        source_language=pair.source.language,
        target_language=pair.target.language,
        alignment=trace.alignment,
        target_tags=trace.target_tags,
        candidates=trace.candidates,
        scores=trace.scores,
    )


def decided(projection: Projection, matching: Matching, scores: ScoreMatrix | None) -> Projection:
    """Return a projection with a matching's decisions in place of its own."""
    return replace(
        projection,
        spans=spans_of(matching, problem_of(projection)),
        decisions=matching.decisions,
        trace=replace(
            projection.trace,
            candidates=matching.candidates,
            scores=scores,
            status=matching.status,
            objective=matching.objective,
            messages=(*projection.trace.messages, *matching.messages),
        ),
    )


def with_seconds(projection: Projection, more: Mapping[str, float]) -> Projection:
    """Add the time that further stages took, by stage; stages already there add up."""
    known = projection.trace.seconds
    seconds = {stage: known.get(stage, 0.0) + more.get(stage, 0.0) for stage in {**more, **known}}
    return replace(projection, trace=replace(projection.trace, seconds=seconds))


def failed(projection: Projection, stage: str, error: SpanbridgeError) -> Projection:
    """Return a projection as failed, with the trace up to there.

    Raises:
        SpanbridgeError: the error itself, where no text can have caused it.
    """
    if not may_be_one_text(error):
        raise error
    failure = Failure(stage, error.code, str(error))
    return replace(projection, spans=(), decisions=(), failure=failure)


def may_be_one_text(error: SpanbridgeError) -> bool:
    """Tell an error that one text may have caused from one that every text would meet.

    Files that cannot be read, models, packages and solvers that are missing belong to the choice of
    components; another text changes nothing about them.
    """
    return error.code in _OF_ONE_TEXT


def spans_of(matching: Matching, problem: Problem) -> tuple[Span, ...]:
    """Return the target spans that a matching chose, sorted, with the classes of their entities."""
    return tuple(
        sorted(
            Span(d.candidate.start, d.candidate.end, problem.entities[d.entity].label)
            for d in matching.decisions
            if d.candidate is not None
        )
    )
