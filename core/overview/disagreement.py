"""How far runs over the same sentences agree, sentence by sentence and over a corpus.

Two runs agree on a sentence as much as the F1 of one's spans against the other's says; it is
symmetric. Two sentences without spans agree fully. A run that failed on a sentence agrees with
nobody there, not even with another that failed: nothing is known of what it would have said. A
sentence's disagreement is one minus the mean agreement of all pairs of runs, in [0, 1]; it is 0
exactly where no run failed and all have the same spans.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.evaluate.gold import check_same_sentences, keep_labels
from core.overview.outcomes import CorpusRun
from core.types import Span

RunByRun: TypeAlias = NDArray[np.float64]
"""Agreement, runs × runs; the last row and column are gold where there is gold."""
SentenceByRun: TypeAlias = NDArray[np.bool_]
"""Sentences × runs."""

Show = Literal[
    "all",
    "disagree",  # not all runs have the same spans
    "first right, second wrong",
    "only first right",
    "all wrong",
    "any failed",
]
SHOWS: tuple[Show, ...] = get_args(Show)
NAMED: Mapping[Show, int] = {"first right, second wrong": 2, "only first right": 1}
"""How many runs a filter is about, where it is about some."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Runs over the same sentences, compared.

    Attributes:
        names: of the runs.
        labels: classes that were compared; None for all.
        classes: classes of the spans that any run or gold has, sorted.
        disagreement: shape (sentences,), in [0, 1].
        against_gold: shape (sentences, runs), F1 against gold; 0 where the run failed, NaN where
            there is no gold annotation.
        right: whether a run has exactly the gold spans; False where there is no gold annotation.
        failed: whether a run failed.
        has_gold: shape (sentences,), whether there is gold annotation.
        has_spans: shape (sentences,), whether any run or gold has a span of the classes compared.
        agreement: micro F1 between runs over all sentences; a failed sentence has no spans that
            agree. With gold, over the sentences that have gold annotation. 1 on the diagonal.
        identical: share of sentences on which two runs have exactly the same spans and neither
            failed; 1 on the diagonal.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...] | None
    classes: tuple[str, ...]
    disagreement: NDArray[np.float64]
    against_gold: NDArray[np.float64]
    right: SentenceByRun
    failed: SentenceByRun
    has_gold: NDArray[np.bool_]
    has_spans: NDArray[np.bool_]
    agreement: RunByRun
    identical: RunByRun

    @property
    def matrix_names(self) -> tuple[str, ...]:
        """Return the names of the rows of the agreement matrices."""
        return (*self.names, "gold") if self.has_gold.any() else self.names


@dataclass(frozen=True, slots=True)
class _Held:
    """Which run has which span, a row for every distinct span of a sentence.

    Attributes:
        sentence: shape (rows,), the sentence of a row.
        runs: shape (rows, runs + 1), the last column being gold.
        failed: shape (sentences, runs + 1); gold fails where there is none.
        classes: of all spans, sorted.
    """

    sentence: NDArray[np.int64]
    runs: NDArray[np.bool_]
    failed: NDArray[np.bool_]
    classes: tuple[str, ...]

    def count(self, rows: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Count the rows that are true, by sentence."""
        return np.bincount(self.sentence[rows], minlength=len(self.failed)).astype(np.int64)


def common_labels(
    runs: Sequence[CorpusRun], wanted: Collection[str] | None = None
) -> tuple[str, ...] | None:
    """Return the classes that every run was asked for: no other can be compared.

    Args:
        runs: the runs.
        wanted: classes to keep of these; None keeps all.

    Returns:
        Sorted classes; None where all of them are meant.
    """
    limits = [set(run.labels) for run in runs if run.labels is not None]
    if wanted is not None:
        limits.append(set(wanted))
    return tuple(sorted(set.intersection(*limits))) if limits else None


def survey(runs: Mapping[str, CorpusRun], labels: Collection[str] | None = None) -> Survey:
    """Compare runs over the same sentences.

    Args:
        runs: one or more runs, by name.
        labels: classes to compare; None takes all that every run was asked for.

    Raises:
        ConfigError: there is no run (code bad-value).
        DataError: the runs differ in a target sentence or its gold spans (code not-parallel).
    """
    if not runs:
        raise ConfigError("there must be a run to look at, got none", code="bad-value")
    chosen = list(runs.values())
    kept = common_labels(chosen, labels)
    for other in chosen[1:]:
        check_same_sentences(chosen[0].outcomes, other.outcomes, kept)
    held = _gather(chosen, kept)
    counts = [held.count(column) for column in held.runs.T]
    pairs = {pair: _f1(held, counts, *pair) for pair in combinations(range(len(chosen) + 1), 2)}
    gold = len(chosen)
    disputes = [1 - f1 for pair, f1 in pairs.items() if gold not in pair]
    against = np.stack([pairs[one, gold] for one in range(gold)], axis=1)
    has_gold = ~held.failed[:, gold]
    return Survey(
        names=tuple(runs),
        labels=kept,
        classes=held.classes,
        disagreement=np.mean(disputes, axis=0) if disputes else np.zeros(len(held.failed)),
        against_gold=np.where(has_gold[:, None], against, np.nan),
        right=against == 1,
        failed=held.failed[:, :gold],
        has_gold=has_gold,
        has_spans=held.count(np.ones(len(held.sentence), dtype=np.bool_)) > 0,
        agreement=_pooled(held, has_gold),
        identical=_identical(pairs, has_gold, len(chosen)),
    )


def _gather(runs: Sequence[CorpusRun], labels: Collection[str] | None) -> _Held:
    sentences: list[int] = []
    columns: list[int] = []
    rows: list[int] = []
    count = len(runs[0].outcomes)
    classes = set[str]()
    failed = np.zeros((count, len(runs) + 1), dtype=np.bool_)
    for number in range(count):
        known: dict[Span, int] = {}
        outcomes = [run.outcomes[number] for run in runs]
        pair = outcomes[0].pair
        answers = [(one.spans, one.failure is not None) for one in outcomes]
        answers.append((pair.target.spans if pair.has_gold else (), not pair.has_gold))
        for column, (spans, is_failed) in enumerate(answers):
            failed[number, column] = is_failed
            for span in () if is_failed else keep_labels(spans, labels):
                if span not in known:
                    known[span] = len(sentences)
                    sentences.append(number)
                    classes.add(span.label)
                rows.append(known[span])
                columns.append(column)
    held = np.zeros((len(sentences), len(runs) + 1), dtype=np.bool_)
    held[rows, columns] = True
    return _Held(np.array(sentences, dtype=np.int64), held, failed, tuple(sorted(classes)))


def _f1(
    held: _Held, counts: Sequence[NDArray[np.int64]], one: int, other: int
) -> NDArray[np.float64]:
    """Return the F1 of two columns by sentence: 1 where both are empty, 0 where one failed."""
    both = held.count(held.runs[:, one] & held.runs[:, other])
    size = counts[one] + counts[other]
    f1 = np.where(size > 0, 2 * both / np.maximum(size, 1), 1.0)
    return np.where(held.failed[:, one] | held.failed[:, other], 0.0, f1)


def _pooled(held: _Held, has_gold: NDArray[np.bool_]) -> RunByRun:
    """Return micro F1 between columns; a failed sentence's spans are on one side only."""
    names = held.runs.shape[1]
    matrix = np.eye(names)
    with_gold = has_gold[held.sentence]
    for one, other in combinations(range(names), 2):
        # Where there is no gold annotation, there is nothing that a run could agree with.
        rows = with_gold if other == names - 1 else np.ones(len(held.sentence), dtype=np.bool_)
        first, second = held.runs[rows, one], held.runs[rows, other]
        size = int(first.sum() + second.sum())
        failed = held.failed[has_gold] if other == names - 1 else held.failed
        silent = 0.0 if failed[:, [one, other]].any() else 1.0
        matrix[one, other] = 2 * int((first & second).sum()) / size if size else silent
        matrix[other, one] = matrix[one, other]
    return matrix if has_gold.any() else matrix[:-1, :-1]


def _identical(
    pairs: Mapping[tuple[int, int], NDArray[np.float64]], has_gold: NDArray[np.bool_], gold: int
) -> RunByRun:
    matrix = np.eye(gold + 1)
    for (one, other), f1 in pairs.items():
        counted = f1[has_gold] if other == gold else f1
        matrix[one, other] = matrix[other, one] = (
            float((counted == 1).mean()) if counted.size else 0
        )
    return matrix if has_gold.any() else matrix[:-1, :-1]


def choose(found: Survey, show: Show, first: str = "", second: str = "") -> NDArray[np.int64]:
    """Choose sentences, in corpus order.

    Args:
        found: the runs, compared.
        show: which sentences.
        first: a run, where `show` is about one.
        second: another run, where `show` is about two.

    Returns:
        Places of the sentences, counted from 0.

    Raises:
        ConfigError: a run that is not there (code unknown-name).
    """
    column = {name: place for place, name in enumerate(found.names)}
    _require_runs((first, second)[: NAMED.get(show, 0)], found.names)
    right, gold = found.right, found.has_gold
    tests: Mapping[Show, Callable[[], NDArray[np.bool_]]] = {
        "all": lambda: np.ones(len(gold), dtype=np.bool_),
        "disagree": lambda: found.disagreement > 0,
        "first right, second wrong": lambda: (
            right[:, column[first]] & ~right[:, column[second]] & gold
        ),
        "only first right": lambda: right[:, column[first]] & (right.sum(axis=1) == 1),
        "all wrong": lambda: gold & ~right.any(axis=1),
        "any failed": lambda: found.failed.sum(axis=1) > 0,
    }
    return np.flatnonzero(tests[show]())


def queue(found: Survey, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort sentences by disagreement, the most disputed first, else in corpus order."""
    return places[np.argsort(-found.disagreement[places], kind="stable")]


def parse_where(text: str, names: Sequence[str]) -> tuple[Show, str, str]:
    """Read a filter: `A>B` (A right, B wrong), `only:A`, `all-wrong`, `failed`, `disagree`, `all`.

    Args:
        text: the filter.
        names: of the runs.

    Raises:
        ConfigError: it is none of these (code bad-value) or names another run (unknown-name).
    """
    words: Mapping[str, Show] = {
        "": "all",
        "all": "all",
        "disagree": "disagree",
        "all-wrong": "all wrong",
        "failed": "any failed",
    }
    if text.strip() in words:
        return words[text.strip()], "", ""
    first, better, second = (part.strip() for part in text.partition(">"))
    alone = text.strip().partition("only:")[2]
    asked = [first, second] if better else [alone] if alone else []
    if not asked:
        raise ConfigError(
            f"a filter must be A>B, only:A, {', '.join(filter(None, words))}, got {text!r}",
            code="bad-value",
        )
    _require_runs(asked, names)
    return (
        ("first right, second wrong", first, second) if better else ("only first right", alone, "")
    )


def _require_runs(asked: Sequence[str], names: Sequence[str]) -> None:
    for name in asked:
        if name not in names:
            raise ConfigError(
                f"a run must be one of {', '.join(names)}, got {name!r}", code="unknown-name"
            )
