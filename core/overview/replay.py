"""Attack replay: which projected entities a perturbation flips, and where the two runs part.

Every sentence is projected twice by the same method, as it is and with one of its sides perturbed,
piece by piece. Why an entity flipped is read from the traces of the two runs (`_replay_stages`). A
sentence that fails in one of them is counted as failed and has no flips.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.errors import ConfigError
from core.overview._replay_attack import SIDES, Attack, Side, read_training
from core.overview._replay_places import map_words, moved_links
from core.overview._replay_result import (
    Effect,
    Flip,
    FlipKind,
    Replay,
    ReplayedPair,
    flip_record,
    follow,
    replay_pair,
)
from core.overview._replay_stages import PARTINGS, Parting
from core.overview._replay_steps import Step, StepState
from core.overview.outcomes import CorpusWork, Progress
from core.perturbations import Change, Perturbation, PerturbedSet
from core.types import Projection, Sentence, SentencePair
from core.workflow import Workflow

__all__ = [
    "PARTINGS",
    "SIDES",
    "Attack",
    "Effect",
    "Flip",
    "FlipKind",
    "Parting",
    "Replay",
    "ReplayWork",
    "ReplayedPair",
    "Side",
    "Step",
    "StepState",
    "flip_record",
    "follow",
    "read_training",
    "replay_pair",
    "run_replay",
]


@dataclass(slots=True)
class _Second:
    """The run on the perturbed sentences, and what the perturbation told.

    Attributes:
        perturbed: the whole set after the perturbation.
        changes: by place of the sentence.
        places: pairs that are run again, in order.
        work: their run.
        found: what came of it so far.
    """

    perturbed: PerturbedSet
    changes: dict[int, list[Change]]
    places: list[int]
    work: CorpusWork
    found: list[Projection]


@dataclass(slots=True)
class ReplayWork:
    """A corpus under attack: it advances by steps and can be left and taken up between them.

    Pairs that the perturbation leaves alone are not run again, unless the aligner learns from the
    corpus: then every link may differ.

    Attributes:
        workflow: the method with the stages before it.
        pairs: the corpus.
        attack: what to do to its sentences.
        corpus: what the signature calls the corpus.
    """

    workflow: Workflow
    pairs: Sequence[SentencePair]
    attack: Attack
    corpus: str = ""
    _perturbation: Perturbation = field(init=False)
    _clean: CorpusWork = field(init=False)
    _found: list[Projection] = field(init=False, default_factory=list)
    _second: _Second | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Check what is asked for before any work is done.

        Raises:
            ConfigError: the method looks at no source sentence that could be perturbed, a target
                sentence is still to be made, or the attack cannot be made.
            BackendError: a package is missing.
        """
        if self.attack.side == "source" and not self.workflow.route.needs_source:
            raise ConfigError(
                f"the method {self.workflow.config.method!r} looks at no source sentence: the side "
                "must be the target",
                code="bad-config",
                hint="--side target",
            )
        if any(pair.source.words and not pair.target.words for pair in self.pairs):
            raise ConfigError(
                "an attack needs target sentences that are there, got a pair without",
                code="bad-config",
                hint="give --target-file, or translate first",
            )
        self._perturbation = self.attack.make()
        self._clean = CorpusWork(self.workflow, self.pairs, keep=self._found.extend)

    @property
    def done(self) -> bool:
        """Tell whether every pair is projected, clean and perturbed."""
        return self._second is not None and self._second.work.done

    @property
    def preparing(self) -> bool:
        """Tell whether source sentences or their entities are being made."""
        work = self._clean if self._second is None else self._second.work
        return work.preparing

    @property
    def progress(self) -> tuple[int, int]:
        """Return how many projections are there and how many there will be, at two a pair."""
        total = 2 * len(self.pairs)
        if self._second is None:
            return len(self._found), total
        left = len(self._second.places) - len(self._second.found)
        return total - left, total

    def advance(self) -> None:
        """Do one step, and keep what came of it only when it is whole.

        Raises:
            SpanbridgeError: the method cannot run here. A pair that fails is an outcome.
        """
        if not self._clean.done:
            self._clean.advance()
        elif self._second is None:
            self._second = self._perturb()
        elif not self._second.work.done:
            self._second.work.advance()

    def _perturb(self) -> _Second:
        sentences = [self._sentence(place) for place in range(len(self.pairs))]
        perturbed = self._perturbation.perturb(
            sentences, training=self.attack.training, seed=self.attack.seed
        )
        changes: dict[int, list[Change]] = {}
        for change in perturbed.changes:
            changes.setdefault(change.sentence, []).append(change)
        places = [
            place for place in range(len(self.pairs)) if place in changes or self._clean.at_once
        ]
        pairs = [
            self._attacked(place, perturbed.sentences[place], changes.get(place, ()))
            for place in places
        ]
        workflow = self.workflow
        if self.attack.side == "source":
            # A source that was translated is perturbed as it is, not translated anew.
            workflow = replace(workflow, translator=None)
        found: list[Projection] = []
        work = CorpusWork(workflow, pairs, keep=found.extend)
        return _Second(perturbed, changes, places, work, found)

    def _sentence(self, place: int) -> Sentence:
        """Return the sentence to perturb, with the entities it came with where it has any."""
        pair = self.pairs[place]
        if self.attack.side == "target":
            return pair.target
        return pair.source if self._came_labelled(pair) else self._clean.prepared[place].source

    def _came_labelled(self, pair: SentencePair) -> bool:
        return self.workflow.translator is None and pair.source_labelled

    def _attacked(self, place: int, sentence: Sentence, changes: Sequence[Change]) -> SentencePair:
        pair = self.pairs[place]
        if self.attack.side == "target":
            source = map_words(len(pair.source.words))
            target = map_words(len(pair.target.words), changes)
            return replace(pair, target=sentence, links=moved_links(pair, source, target))
        if self.workflow.translator is not None:
            pair = self._clean.prepared[place]
        source = map_words(len(pair.source.words), changes)
        links = moved_links(pair, source, map_words(len(pair.target.words)))
        return replace(pair, source=sentence, source_tags=None, links=links)

    def result(self) -> Replay:
        """Compare the runs, and free the models of the first stages.

        Raises:
            ValueError: not all is done.
        """
        second = self._second
        if second is None or not second.work.done:
            msg = "a replay must be done before it has a result"
            raise ValueError(msg)
        self._clean.close()
        again = dict(zip(second.places, second.found, strict=True))
        unchanged = {one.sentence: one.reason for one in second.perturbed.unchanged}
        return Replay(
            signature=f"{self.workflow.config.signature(corpus=self.corpus)}|{self.attack}",
            attack=self.attack,
            pairs=tuple(
                replay_pair(
                    place + 1,
                    clean,
                    again.get(place, clean),
                    second.changes.get(place, ()),
                    side=self.attack.side,
                    unchanged=unchanged.get(place, ""),
                )
                for place, clean in enumerate(self._found)
            ),
            notes=second.perturbed.notes,
        )


def run_replay(
    workflow: Workflow,
    pairs: Sequence[SentencePair],
    attack: Attack,
    *,
    progress: Progress | None = None,
    corpus: str = "",
) -> Replay:
    """Attack a whole corpus.

    Args:
        workflow: the method with the stages before it.
        pairs: the corpus.
        attack: what to do to its sentences.
        progress: called with (projections done, all) after every step.
        corpus: what the signature calls the corpus.

    Raises:
        SpanbridgeError: the method or the attack cannot run here. A pair that fails is an outcome.
    """
    work = ReplayWork(workflow, pairs, attack, corpus)
    while not work.done:
        work.advance()
        if progress is not None:
            progress(*work.progress)
    return work.result()
