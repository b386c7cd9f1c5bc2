"""What is kept of a projection when a whole corpus is run, and running one piece by piece.

The trace of a sentence (similarity, candidates, score matrices) takes a hundred times the memory of
its outcome, so a corpus keeps outcomes only; a page projects a single sentence again to show why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.aligners import ALIGNERS
from core.config import RunConfig
from core.evaluate.diagnosis import EntityDiagnosis, diagnose
from core.explain import SentenceStatus, sentence_status
from core.stages import free, models_kept
from core.types import DecisionReason, Failure, Projection, SentencePair, Span
from core.workflow import Workflow

LinkArray: TypeAlias = NDArray[np.int32]
"""Word links, shape (links, 2): source word, target word."""
Progress = Callable[[int, int], None]
"""Called with (sentences done, sentences in all)."""

STEP = 16
"""Pairs projected between two reports of progress."""
# Sentences translated and labelled at once: long enough for a translator's own batches.
_PREPARED_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class EntityOutcome:
    """One decision without its score terms and rivals.

    Attributes:
        entity: index into the source spans.
        start: first target word; None if the entity was not projected.
        end: word behind the last; None if the entity was not projected.
        reason: why it fell so.
        score: total score of the chosen span, 0 where there is none.
        margin: score minus that of the runner-up.
    """

    entity: int
    start: int | None
    end: int | None
    reason: DecisionReason
    score: float
    margin: float


@dataclass(frozen=True, slots=True)
class SentenceOutcome:
    """What is kept of one projection.

    Attributes:
        pair: the sentences. The source is the method's own where it was translated; gold is limited
            to the classes that the method was asked for.
        status: how it compares with gold.
        spans: projected spans; empty and without meaning where the sentence failed.
        decisions: one or more for every source entity.
        links: word links; None where nothing was aligned.
        diagnoses: of every gold and every projected span; empty without gold annotation.
        failure: why the sentence failed, None if it worked.
    """

    pair: SentencePair
    status: SentenceStatus
    spans: tuple[Span, ...]
    decisions: tuple[EntityOutcome, ...] = ()
    links: LinkArray | None = None
    diagnoses: tuple[EntityDiagnosis, ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class CorpusRun:
    """A method's outcomes over a corpus, in corpus order.

    Attributes:
        name: the method, or the file it was read from.
        outcomes: one a pair.
        signature: everything the run depends on; empty where it is not known.
        labels: classes that the method was asked for; None for all.
    """

    name: str
    outcomes: tuple[SentenceOutcome, ...]
    signature: str = ""
    labels: tuple[str, ...] | None = None

    @property
    def failures(self) -> int:
        """Return how many sentences failed."""
        return sum(outcome.failure is not None for outcome in self.outcomes)

    @property
    def has_gold(self) -> bool:
        """Tell whether any sentence has gold annotation."""
        return any(outcome.pair.has_gold for outcome in self.outcomes)


def outcome_of(projection: Projection) -> SentenceOutcome:
    """Keep of a projection what a corpus needs."""
    pair, alignment = projection.pair, projection.trace.alignment
    links = None
    if alignment is not None:
        ends = [(link.source, link.target) for link in alignment.links]
        links = np.array(ends, dtype=np.int32).reshape(-1, 2)
        links.flags.writeable = False
    diagnoses = diagnose(projection) if pair.has_gold else ()
    return SentenceOutcome(
        # Probabilities of every tag on every word are the largest part of a labelled pair.
        pair=pair if pair.source_tags is None else replace(pair, source_tags=None),
        status=sentence_status(projection),
        spans=projection.spans if projection.failure is None else (),
        decisions=tuple(
            EntityOutcome(
                entity=one.entity,
                start=None if one.candidate is None else one.candidate.start,
                end=None if one.candidate is None else one.candidate.end,
                reason=one.reason,
                score=float(one.score),
                margin=float(one.margin),
            )
            for one in projection.decisions
        ),
        links=links,
        diagnoses=tuple(replace(one, contest=None) for one in diagnoses),
        failure=projection.failure,
    )


@dataclass(slots=True)
class CorpusWork:
    """A corpus being projected: it advances by steps and can be left and taken up between them.

    Attributes:
        workflow: the method with the stages before it.
        pairs: the corpus.
        corpus: what the signature calls the corpus.
        step: pairs a step; an aligner that learns from the corpus gets all of it at once.
        prepared: pairs whose source sentences are made.
        outcomes: of the pairs that are done.
        keep: given every step's projections with their traces before their outcomes are kept; where
            it fails, the step counts as not done.
    """

    workflow: Workflow
    pairs: Sequence[SentencePair]
    corpus: str = ""
    step: int = STEP
    prepared: list[SentencePair] = field(default_factory=list)
    outcomes: list[SentenceOutcome] = field(default_factory=list)
    keep: Callable[[Sequence[Projection]], None] | None = None

    @property
    def done(self) -> bool:
        """Tell whether every pair is projected."""
        return len(self.outcomes) == len(self.pairs)

    @property
    def preparing(self) -> bool:
        """Tell whether source sentences are still to be made."""
        return self.workflow.route.needs_source and len(self.prepared) < len(self.pairs)

    @property
    def at_once(self) -> bool:
        """Tell whether all pairs are projected in one step."""
        return ALIGNERS.get(self.workflow.config.aligner.name).corpus_level

    def advance(self) -> None:
        """Do one step, and keep what came of it only when it is whole.

        Raises:
            SpanbridgeError: the method cannot run here. A pair that fails is an outcome.
        """
        with models_kept():  # the next step needs them
            if self.preparing:
                self._prepare()
            elif not self.done:
                self._project()

    def _prepare(self) -> None:
        here = len(self.prepared)
        self.prepared += self.workflow.prepare(self.pairs[here : here + _PREPARED_AT_ONCE])

    def _project(self) -> None:
        pairs = self.prepared if self.workflow.route.needs_source else self.pairs
        step = len(pairs) if self.at_once else self.step
        here = len(self.outcomes)
        found = self.workflow.route.run(self.workflow.config, pairs[here : here + step])
        if self.keep is not None:
            self.keep(found)
        self.outcomes += map(outcome_of, found)

    def close(self) -> None:
        """Free the models of the first stages."""
        free(self.workflow.translator, self.workflow.labeller)

    def result(self) -> CorpusRun:
        """Return the run, complete or up to here, and free the models of the first stages."""
        self.close()
        config = self.workflow.config
        signature = config.signature(corpus=self.corpus)
        return CorpusRun(config.method, tuple(self.outcomes), signature, config.labels)


def run_corpus(
    config: RunConfig,
    pairs: Sequence[SentencePair],
    *,
    progress: Progress | None = None,
    step: int | None = None,
    corpus: str = "",
) -> CorpusRun:
    """Project a whole corpus and keep its outcomes.

    Args:
        config: the method.
        pairs: the corpus.
        progress: called with (sentences done, all) after every step.
        step: pairs a step; None takes the usual number.
        corpus: what the signature calls the corpus.

    Raises:
        SpanbridgeError: the method cannot run here. A pair that fails is an outcome.
    """
    work = CorpusWork(Workflow.from_config(config), pairs, corpus, step or STEP)
    while not work.done:
        work.advance()
        if progress is not None:
            progress(len(work.outcomes), len(pairs))
    return work.result()
