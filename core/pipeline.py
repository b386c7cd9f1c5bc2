"""The projection pipeline: configuration → stages → projections with a full trace.

Stages run in a fixed order over a batch of pairs: encode, tag, align, candidates, scores,
projector.
Which of them run is worked out from what the chosen components declare as inputs, before anything
is computed. A pair that fails yields a projection with a `failure`, never an empty one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from core.aligners import ALIGNERS, Aligner
from core.candidates import CANDIDATES, CandidateExtractor
from core.config import RunConfig
from core.encoders import Encoder
from core.errors import BackendError, ConfigError, DataError, SpanbridgeError
from core.labellers import Labeller
from core.matching.fixed import pinned_candidates
from core.projectors import PROJECTORS, Projector
from core.scores import SCORES, Score
from core.stages import (
    HoldsModel,
    Progress,
    decided,
    encode_pairs,
    failed,
    free,
    fuse,
    join_alignments,
    keep_labels,
    make_encoder,
    make_tagger,
    may_be_one_text,
    no_report,
    problem_of,
    unite,
)
from core.types import (
    Alignment,
    Candidate,
    EntityByCandidate,
    EntityCandidate,
    Matching,
    PairVectors,
    Problem,
    Projection,
    ScoreMatrix,
    SentencePair,
    Trace,
    WordTags,
)


@dataclass(frozen=True, slots=True)
class Constraints:
    """A reviewer's pins and bans for one pair."""

    pins: tuple[EntityCandidate, ...] = ()
    bans: tuple[EntityCandidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """One pair with everything that is dear to compute, ready to be decided on, again and again.

    Attributes:
        pair: with the classes that are kept.
        alignment: word links; None where the pair could not be aligned.
        vectors: contextual vectors, where a component asks for them.
        tags: what the tagger thinks of the target words, where a component asks for it.
        seconds: what it cost, by stage.
        error: why there is no alignment.
    """

    pair: SentencePair
    alignment: Alignment | None
    vectors: PairVectors | None = None
    tags: WordTags | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    error: SpanbridgeError | None = None


Terms = MutableMapping[tuple[object, ...], EntityByCandidate]
"""Scores that were computed before, by score and by what they depend on."""


@dataclass
class _Clock:
    """Seconds spent by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - started
            self.seconds[stage] = self.seconds.get(stage, 0.0) + spent


@dataclass(frozen=True)
class Pipeline:
    """A configured projection method, ready to run on pairs.

    Make one with `Pipeline.from_config`; all components are created and checked there.
    """

    config: RunConfig
    encoder: Encoder | None
    aligner: Aligner
    extractors: tuple[CandidateExtractor, ...]
    scores: tuple[tuple[str, float, Score], ...]
    projector: Projector
    tagger: Labeller | None = None

    @classmethod
    def from_config(cls, config: RunConfig) -> Pipeline:
        """Create every component and check that each gets what it needs.

        Raises:
            ConfigError: an unknown component or parameter, a value out of range, or a stage whose
                input no other stage provides (code missing-stage).
            BackendError: a package is missing.
        """
        projector = PROJECTORS.create(config.projector.name, config.projector.parameters)
        wants_scores = "scores" in projector.inputs
        if wants_scores and not (config.scores and config.candidates):
            raise ConfigError(
                f"the projector {config.projector.name!r} needs candidates and scores, got "
                f"{len(config.candidates)} and {len(config.scores)} components",
                code="missing-stage",
                hint="add one, such as --set scores.align.weight=1",
            )
        extractors: tuple[CandidateExtractor, ...] = ()
        scores: tuple[tuple[str, float, Score], ...] = ()
        if wants_scores:
            extractors = tuple(CANDIDATES.create(c.name, c.parameters) for c in config.candidates)
            scores = tuple(
                (s.name, s.weight, SCORES.create(s.name, s.parameters)) for s in config.scores
            )
        needed = {name for extractor in extractors for name in extractor.inputs}
        needed.update(name for _, _, score in scores for name in score.inputs)
        # Links are always shown, so the aligner runs even where no decision depends on it.
        aligner = ALIGNERS.create(config.aligner.name, config.aligner.parameters)
        needed.update(aligner.inputs)
        encoder = make_encoder(config) if "vectors" in needed else None
        tagger = make_tagger(config) if "target_tags" in needed else None
        return cls(config, encoder, aligner, extractors, scores, projector, tagger)

    def run(
        self,
        pairs: Sequence[SentencePair],
        *,
        constraints: Mapping[str, Constraints] | None = None,
        alignments: Sequence[Alignment] | None = None,
        added_links: Sequence[Alignment | None] | None = None,
        candidates: Sequence[tuple[Candidate, ...]] | None = None,
        progress: Progress | None = None,
    ) -> list[Projection]:
        """Project every pair.

        Args:
            pairs: source sentences with labelled spans; target spans are not looked at.
            constraints: pins and bans by pair id.
            alignments: word links to use instead of the aligner's, such as edited ones.
            added_links: word links to unite with the aligner's.
            candidates: target spans to choose from instead of the extractors'.
            progress: called as stages advance.

        Returns:
            One projection a pair, in order. A pair that could not be projected has `failure` set.

        Raises:
            SpanbridgeError: what no single text can have caused: a file that cannot be read, or a
                model, package or solver that is missing.
        """
        report = progress or no_report
        prepared = self.prepare(
            pairs, alignments=alignments, added_links=added_links, progress=report
        )
        projections = []
        for index, inputs in enumerate(prepared):
            wanted = (constraints or {}).get(inputs.pair.id, Constraints())
            given = candidates[index] if candidates is not None else None
            projections.append(self.decide(inputs, constraints=wanted, candidates=given))
            report("match", index + 1, len(pairs))
        free(*self._scores_with_models())
        return projections

    def prepare(
        self,
        pairs: Sequence[SentencePair],
        *,
        alignments: Sequence[Alignment] | None = None,
        added_links: Sequence[Alignment | None] | None = None,
        progress: Progress | None = None,
    ) -> list[Inputs]:
        """Compute vectors, links and tags of every pair: all that candidates and weights leave.

        Args:
            pairs: source sentences with labelled spans.
            alignments: word links to use instead of the aligner's, such as edited ones.
            added_links: word links to unite with the aligner's.
            progress: called as stages advance.

        Returns:
            One value a pair, in order.
        """
        clock = _Clock()
        report = progress or no_report
        if self.encoder is not None and pairs:
            self.encoder.load()  # once a process; no part of what a sentence costs
        with clock.measure("encode"):
            vectors = encode_pairs(self.encoder, pairs, report) if self.encoder else None
        with clock.measure("align"):
            aligned = list(alignments) if alignments else self._align(pairs, vectors, report)
        if added_links is not None:
            aligned = [
                one if isinstance(one, SpanbridgeError) else join_alignments(one, more)
                for one, more in zip(aligned, added_links, strict=True)
            ]
        own = self._scores_with_models()
        if own or self.tagger is not None:
            free(self.encoder)
        with clock.measure("tag"):
            tags = self._tag(pairs, report)
        if own:
            free(self.tagger)
        share = {stage: spent / max(len(pairs), 1) for stage, spent in clock.seconds.items()}
        return [
            Inputs(
                pair=keep_labels(pair, self.config.labels),
                alignment=None if isinstance(links, SpanbridgeError) else links,
                vectors=None if vectors is None else vectors[index],
                tags=tags[index],
                seconds=share,
                error=links if isinstance(links, SpanbridgeError) else None,
            )
            for index, (pair, links) in enumerate(zip(pairs, aligned, strict=True))
        ]

    def _scores_with_models(self) -> list[HoldsModel]:
        return [score for _, _, score in self.scores if isinstance(score, HoldsModel)]

    def _tag(self, pairs: Sequence[SentencePair], report: Progress) -> list[WordTags | None]:
        """Let the tagger look at every target sentence, if anything asks for its view."""
        if self.tagger is None:
            return [None] * len(pairs)
        found = self.tagger.label(
            [pair.target for pair in pairs], lambda done, total: report("tag", done, total)
        )
        return [one.tags for one in found]

    def _align(
        self,
        pairs: Sequence[SentencePair],
        vectors: Sequence[PairVectors] | None,
        report: Progress,
    ) -> list[Alignment | SpanbridgeError]:
        """Align the batch; if that fails, pair by pair, so that one bad pair spoils only itself."""
        found: list[Alignment | SpanbridgeError]
        try:
            found = [*self.aligner.align(pairs, vectors)]
        except DataError as error:
            # Alone, a pair has nothing to learn from.
            if self.aligner.corpus_level or not may_be_one_text(error):
                raise
            found = [
                self._align_one(pair, None if vectors is None else vectors[index : index + 1])
                for index, pair in enumerate(pairs)
            ]
        report("align", len(pairs), len(pairs))
        return found

    def _align_one(
        self, pair: SentencePair, vectors: Sequence[PairVectors] | None
    ) -> Alignment | SpanbridgeError:
        try:
            return self.aligner.align([pair], vectors)[0]
        except DataError as error:
            return error

    def decide(
        self,
        inputs: Inputs,
        *,
        constraints: Constraints | None = None,
        candidates: tuple[Candidate, ...] | None = None,
        terms: Terms | None = None,
    ) -> Projection:
        """Propose spans for one pair, score them and decide.

        Args:
            inputs: from `prepare`, or from a pipeline with the same encoder, aligner and tagger.
            constraints: pins and bans.
            candidates: target spans to choose from instead of the extractors'.
            terms: scores kept from one decision to the next on the same vectors and tags; what is
                missing is computed and added.

        Returns:
            The projection; with `failure` set where the pair could not be projected.

        Raises:
            SpanbridgeError: what no text can have caused, such as a missing model.
        """
        clock = _Clock(dict(inputs.seconds))
        bare = Projection(
            pair=inputs.pair,
            method=self.config.method,
            spans=(),
            decisions=(),
            trace=Trace(alignment=inputs.alignment, target_tags=inputs.tags, seconds=clock.seconds),
        )
        if inputs.error is not None:
            return failed(bare, "align", inputs.error)
        wanted = constraints or Constraints()
        problem = replace(problem_of(bare), pins=wanted.pins, bans=wanted.bans)
        try:
            matching, scores = self._match(problem, inputs, clock, candidates, terms)
        except (BackendError, DataError) as error:
            return failed(bare, "match", error)
        return decided(bare, matching, scores)

    def _match(
        self,
        problem: Problem,
        inputs: Inputs,
        clock: _Clock,
        given: tuple[Candidate, ...] | None,
        terms: Terms | None,
    ) -> tuple[Matching, ScoreMatrix | None]:
        scores = None
        if self.scores:
            with clock.measure("candidates"):
                found = unite(self._extract(problem)) if given is None else given
                problem = replace(problem, candidates=pinned_candidates(found, problem.pins))
            with clock.measure("scores"):
                scores = self._score(problem, inputs.vectors, terms)
                problem = replace(problem, scores=scores)
        with clock.measure("match"):
            return self.projector.project(problem), scores

    def _extract(self, problem: Problem) -> list[tuple[Candidate, ...]]:
        if not problem.entities:
            return []  # most sentences of a corpus have no entity, and nothing to propose spans for
        return [extractor.extract(problem) for extractor in self.extractors]

    def _score(
        self, problem: Problem, vectors: PairVectors | None, known: Terms | None
    ) -> ScoreMatrix:
        terms = {}
        read = None if known is None else _what_scores_read(problem)
        for name, _, score in self.scores:
            key = (name, repr(score), read)
            if known is None:
                terms[name] = score.compute(problem, vectors)
                continue
            if key not in known:
                known[key] = score.compute(problem, vectors)
            terms[name] = known[key]
        weights = {name: weight for name, weight, _ in self.scores}
        return fuse(terms, weights)


def _what_scores_read(problem: Problem) -> int:
    """Return a number that differs where spans, links or entities differ."""
    links = () if problem.alignment is None else problem.alignment.links
    bounds = tuple((one.start, one.end) for one in problem.candidates)
    return hash((problem.entities, bounds, links))
