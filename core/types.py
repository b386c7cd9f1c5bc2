"""All values that cross a stage.

Conventions that hold everywhere: word indices are 0-based, spans are half-open `[start, end)`,
source comes before target, score matrices are entity × candidate, and a higher score is better.
Values are frozen; the arrays inside them are marked read-only by whoever makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

SourceByTarget: TypeAlias = NDArray[np.float32]
"""Word similarity, source words × target words."""
EntityByCandidate: TypeAlias = NDArray[np.float64]
"""Scores, source entities × target candidates."""

DecisionReason = Literal[
    "chosen",  # the matching took this candidate
    "pinned",  # a reviewer fixed this candidate
    "no-link",  # no word of the entity is aligned
    "no-candidate",  # nothing was proposed for the entity
    "no-score",  # candidates exist, none has a positive score
    "blocked",  # every candidate with a positive score lost its words to another entity
    "filtered",  # a filter of the projector (least score, length, completeness) removed it
    "banned",  # a reviewer forbade every candidate with a positive score
    "marker-lost",  # its marker did not survive translation
    "outvoted",  # the other side of an ensemble outweighed it
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A labelled run of words, half-open."""

    start: int
    end: int
    label: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            msg = f"span must be 0 <= start < end, got [{self.start}, {self.end})"
            raise ValueError(msg)

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span | Candidate) -> bool:
        """Tell whether two spans share a word."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its place in the running text, as half-open character offsets."""

    text: str
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words of one language with their entity spans.

    `text` is the running text; `char_offsets[i]` is where word i lies in it. Spans are sorted and
    do not overlap. `id` is the corpus's own name for the sentence, `line` its 1-based first line.
    """

    words: tuple[str, ...]
    language: str
    text: str
    char_offsets: tuple[tuple[int, int], ...]
    spans: tuple[Span, ...] = ()
    id: str = ""
    line: int | None = None

    def __post_init__(self) -> None:
        if len(self.words) != len(self.char_offsets):
            msg = f"one character offset a word, got {len(self.char_offsets)} for {len(self.words)}"
            raise ValueError(msg)
        previous = 0
        for span in self.spans:
            if span.start < previous or span.end > len(self.words):
                msg = f"spans must be sorted, disjoint and inside the sentence, got {self.spans}"
                raise ValueError(msg)
            previous = span.end

    def words_of(self, span: Span | Candidate) -> tuple[str, ...]:
        """Return the words inside a span."""
        return self.words[span.start : span.end]

    def text_of(self, span: Span | Candidate) -> str:
        """Return the running text covered by a span, with its inner spacing."""
        return self.text[self.char_offsets[span.start][0] : self.char_offsets[span.end - 1][1]]


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """One word link. `sure` is False for a possible (P) link of a gold alignment."""

    source: int
    target: int
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Alignment:
    """Word links of a pair, sorted, and where the aligner has one the similarity behind them.

    `similarity` has shape (source words, target words), values in [0, 1]; `note` says what a reader
    must know, such as text that was split into windows. `source_unseen` and `target_unseen` are
    words the aligner could not look at, because the tokenizer drops all their characters.
    """

    links: tuple[Link, ...]
    similarity: SourceByTarget | None = None
    note: str = ""
    source_unseen: tuple[int, ...] = ()
    target_unseen: tuple[int, ...] = ()

    def matrix(self, source_words: int, target_words: int) -> NDArray[np.bool_]:
        """Return the links as a boolean matrix of shape (source words, target words)."""
        matrix = np.zeros((source_words, target_words), dtype=np.bool_)
        for link in self.links:
            matrix[link.source, link.target] = True
        return matrix


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A source sentence with labelled entities and its translation.

    Target spans, where present, are gold and are never shown to a projector. `links` holds word
    alignments that came with the corpus, by name. A source without words is still to be
    translated; without `source_labelled`, its spans say nothing and it is still to be labelled.
    A target without words is still to be translated from the source. `source_tags` is what the
    labeller thought of every source word, where it knows probabilities.
    """

    source: Sentence
    target: Sentence
    id: str = ""
    links: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    has_gold: bool = True
    source_labelled: bool = True
    source_tags: WordTags | None = None


@dataclass(frozen=True, slots=True)
class SubwordVectors:
    """Contextual vectors of one sentence at one layer.

    Attributes:
        vectors: shape (subwords, hidden), float32.
        word_index: shape (memberships,), ascending: the word of each membership.
        words: number of words in the sentence; a word the tokenizer drops has no subword.
        windows: how many overlapping windows the sentence was split into; 1 if it fits the model.
        subword_index: shape (memberships,), the subword of each membership; None where every
            subword belongs to one word, in order. In text without spaces a subword may cover
            several words (characters), and then it is a member of each.
    """

    vectors: NDArray[np.float32]
    word_index: NDArray[np.int64]
    words: int
    windows: int = 1
    subword_index: NDArray[np.int64] | None = None

    @property
    def members(self) -> NDArray[np.int64]:
        """Return the subword of each membership."""
        if self.subword_index is None:
            return np.arange(len(self.vectors))
        return self.subword_index

    def word_vectors(self) -> NDArray[np.float32]:
        """Return the mean vector of each word, shape (words, hidden); zeros for a dropped word."""
        members, counts = self.members, np.bincount(self.word_index, minlength=self.words)
        firsts = np.cumsum(counts) - counts  # memberships are sorted by word
        sums = np.zeros((self.words, self.vectors.shape[1]), dtype=np.float32)
        for place in range(counts.max(initial=0)):  # the first subword of every word, the second …
            longer = np.flatnonzero(counts > place)
            sums[longer] += self.vectors[members[firsts[longer] + place]]
        return np.asarray(sums / np.maximum(counts, 1)[:, None], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class PairVectors:
    """Contextual vectors of both sides of a pair, from one model and layer."""

    source: SubwordVectors
    target: SubwordVectors


@dataclass(frozen=True, slots=True)
class WordTags:
    """What a tagger thinks of every word of a sentence.

    Attributes:
        tags: IOB2 tags, `O` first.
        probabilities: shape (words, tags), float32, rows sum to 1. A word the tagger could not
            look at is O with probability 1.
    """

    tags: tuple[str, ...]
    probabilities: NDArray[np.float32]

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the classes the tagger knows, sorted."""
        return tuple(sorted({tag.partition("-")[2] for tag in self.tags} - {""}))


@dataclass(frozen=True, slots=True)
class Labelling:
    """A labeller's answer for one sentence; `tags` where it knows probabilities."""

    spans: tuple[Span, ...]
    tags: WordTags | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target span that an entity may be projected to; `origins` names who proposed it."""

    start: int
    end: int
    origins: tuple[str, ...] = ()

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Candidate | Span) -> bool:
        """Tell whether two spans share a word."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class ScoreMatrix:
    """Entity × candidate scores, one matrix per named term and their weighted sum.

    Every matrix has shape (entities, candidates); `total = Σ weight · term`, finite and ≥ 0.
    """

    terms: Mapping[str, EntityByCandidate]
    weights: Mapping[str, float]
    total: EntityByCandidate


@dataclass(frozen=True, slots=True)
class Rival:
    """A candidate that scored higher than the winner but was not taken, and why.

    Attributes:
        candidate: the better-scoring candidate.
        score: its total score for the entity.
        constraint: `word` (a chosen span holds one of its words), `banned`, `pinned` (the entity
            was fixed elsewhere), or `filtered`.
        entity: index of the entity that holds the word, where the constraint is `word`.
        word: the first target word both want, where the constraint is `word`.
    """

    candidate: Candidate
    score: float
    constraint: Literal["word", "banned", "pinned", "filtered"]
    entity: int | None = None
    word: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one source entity.

    An entity that was split over several spans (n > 1, or several runs) has one decision a span.

    Attributes:
        entity: index into the source spans.
        candidate: the chosen target span, None if the entity was not projected.
        reason: why it fell so.
        score: total score of the chosen candidate; 0 when there is none.
        terms: the score's terms before weighting.
        runner_up: the entity's best other candidate.
        runner_up_score: its total score; 0 when there is none.
        margin: `score − runner_up_score`; negative where a better rival was blocked.
        blocked_by: every rival that scored higher and the constraint that stopped it.
    """

    entity: int
    candidate: Candidate | None
    reason: DecisionReason
    score: float = 0.0
    terms: Mapping[str, float] = field(default_factory=dict)
    runner_up: Candidate | None = None
    runner_up_score: float = 0.0
    margin: float = 0.0
    blocked_by: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityCandidate:
    """An entity and a target span, for pins and bans."""

    entity: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a projector may look at.

    The target's gold spans are not in it: `target_words` are plain words.
    """

    entities: tuple[Span, ...]
    source_words: tuple[str, ...]
    target_words: tuple[str, ...]
    source_language: str = "und"
    target_language: str = "und"
    alignment: Alignment | None = None
    target_tags: WordTags | None = None
    candidates: tuple[Candidate, ...] = ()
    scores: ScoreMatrix | None = None
    pins: tuple[EntityCandidate, ...] = ()
    bans: tuple[EntityCandidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Matching:
    """A projector's answer.

    Attributes:
        decisions: at least one for every entity, in entity order.
        candidates: the candidates it decided between (a heuristic makes its own).
        status: `optimal`, `feasible` (time limit hit, not proven optimal), `relaxed` (the asked
            constraints cannot hold together; the closest solution) or `heuristic`.
        objective: Σ of chosen total scores.
        messages: what a user must be told, in words.
    """

    decisions: tuple[Decision, ...]
    candidates: tuple[Candidate, ...]
    status: Literal["optimal", "feasible", "relaxed", "heuristic"]
    objective: float = 0.0
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a sentence could not be projected. Never the same as "no entities"."""

    stage: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything a projection was decided on, so that a page never recomputes or guesses.

    `marked` is the source sentence as it came back in the target language with its entities'
    markers, where a method works that way.
    """

    alignment: Alignment | None = None
    target_tags: WordTags | None = None
    candidates: tuple[Candidate, ...] = ()
    scores: ScoreMatrix | None = None
    status: str = ""
    objective: float = 0.0
    messages: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    marked: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Projection:
    """The projected spans of one pair, each decision behind them, and the full trace.

    `spans` are target spans, sorted and disjoint. With `failure` set, `spans` is empty and means
    nothing; evaluation counts such a sentence apart.
    """

    pair: SentencePair
    method: str
    spans: tuple[Span, ...]
    decisions: tuple[Decision, ...]
    trace: Trace
    failure: Failure | None = None
