"""Words whose tag is probably wrong: confident learning on projected labels.

Projection makes labels that nobody has looked at. A model that was trained on the rest of them and
is sure of another tag makes a label suspicious; how sure it must be is taken from the labels
themselves, class by class.

Paper: Northcutt et al. 2021, Confident learning, arXiv:1911.00068 (cleanlab, which computes it);
Wang and Mueller 2022, Detecting label errors in token classification data, arXiv:2210.03920.
Departs: none; the probabilities are given, and must be those of models that have not seen the
labels they judge.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import BackendError, ConfigError, DataError
from core.registry import find_missing
from core.text.tags import tag_names, tags_from_spans
from core.types import Sentence, WordTags

__all__ = ["LabelIssue", "ProbabilitySource", "SuspectCorpus", "find_issues"]

_PACKAGE = "cleanlab"
# Nothing is certain: a probability of 0 would make the ranking of several such words arbitrary.
_LEAST = 1e-8

ProbabilitySource = Callable[[Sequence[Sentence], Sequence[Sentence]], Sequence[WordTags]]
"""Learns from labelled sentences (first) and tells what it thinks of others (second)."""


@dataclass(frozen=True, slots=True)
class LabelIssue:
    """A word whose tag is probably wrong.

    Attributes:
        sentence: 0-based place of the sentence.
        sentence_id: the corpus's own name for it.
        word: 0-based place in the sentence.
        text: the word.
        given: the tag it has.
        suggested: the tag that the model thinks most likely.
        score: the model's probability of the given tag, in [0, 1]; the lower, the worse.
        suggested_score: its probability of the suggested tag.
    """

    sentence: int
    sentence_id: str
    word: int
    text: str
    given: str
    suggested: str
    score: float
    suggested_score: float

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SuspectCorpus:
    """A corpus and what is suspicious in it.

    Attributes:
        sentences: all of them, as they came.
        issues: worst first.
        scores: of each sentence, its least score of any word, in [0, 1]; 1 without words.
        rare: tags that stand once in the labels: too few to say how sure a model must be.
    """

    sentences: tuple[Sentence, ...]
    issues: tuple[LabelIssue, ...]
    scores: tuple[float, ...]
    rare: tuple[str, ...] = ()

    def suspicious(self, most: float = 1.0) -> tuple[int, ...]:
        """Return the places of sentences with an issue, worst first.

        Args:
            most: share of all sentences to name at most, in [0, 1].
        """
        places = dict.fromkeys(issue.sentence for issue in self.issues)
        ranked = sorted(places, key=lambda place: self.scores[place])
        return tuple(ranked[: int(most * len(self.sentences))])

    def kept(self, most: float = 1.0) -> tuple[Sentence, ...]:
        """Return the sentences without those that are suspicious, in order."""
        dropped = set(self.suspicious(most))
        return tuple(one for place, one in enumerate(self.sentences) if place not in dropped)


def find_issues(sentences: Sequence[Sentence], probabilities: Sequence[WordTags]) -> SuspectCorpus:
    """Find words whose tag is probably wrong.

    Args:
        sentences: labelled.
        probabilities: what a model that has not seen these labels thinks of every word.

    Raises:
        BackendError: cleanlab is missing (code missing-package).
        ConfigError: the model does not know a class of the labels (code bad-config).
        DataError: probabilities for other sentences (code not-parallel), or no entity at all
            (missing-gold).
    """
    if find_missing((_PACKAGE,)):
        raise BackendError(
            f"finding label issues needs the package {_PACKAGE}, which is not installed",
            code="missing-package",
            hint=f"pip install {_PACKAGE}",
        )
    from cleanlab.token_classification.filter import find_label_issues

    names = tag_names(sentences)
    if len(names) == 1:
        raise DataError("there must be labelled entities, got none", code="missing-gold")
    tables = _tables(sentences, probabilities, names)
    # cleanlab cannot take a sentence without words.
    places = [place for place, table in enumerate(tables) if len(table)]
    labels = [_numbers(sentences[place], names) for place in places]
    with warnings.catch_warnings():
        # Tags that are missing or stand once, told by their number there and by name in `rare`.
        warnings.filterwarnings("ignore", "May not flag all label issues", UserWarning)
        ranked = find_label_issues(
            labels,
            [tables[place] for place in places],
            return_indices_ranked_by="self_confidence",
            n_jobs=1,
        )
    issues = tuple(
        _issue(sentences[places[row]], places[row], int(word), tables[places[row]], names)
        for row, word in ranked
    )
    occurring = Counter(number for own in labels for number in own)
    rare = tuple(name for number, name in enumerate(names) if occurring[number] == 1)
    return SuspectCorpus(tuple(sentences), issues, _scores(sentences, tables, names), rare)


def _tables(
    sentences: Sequence[Sentence], probabilities: Sequence[WordTags], names: Sequence[str]
) -> list[NDArray[np.float64]]:
    if len(sentences) != len(probabilities) or any(
        len(sentence.words) != len(tags.probabilities)
        for sentence, tags in zip(sentences, probabilities, strict=False)
    ):
        raise DataError(
            "there must be probabilities for every word of every sentence, got others",
            code="not-parallel",
        )
    unknown = sorted(set(names) - {name for tags in probabilities for name in tags.tags})
    if unknown:
        raise ConfigError(
            f"the model must know the tags of the labels, got none for {', '.join(unknown)}",
            code="bad-config",
            hint="choose a tagger with these classes, or rename: --set tagger.rename=OLD=NEW",
        )
    return [_table(tags, names) for tags in probabilities]


def _table(tags: WordTags, names: Sequence[str]) -> NDArray[np.float64]:
    """Return probabilities in the order of the names, shape (words, names); rows sum to 1."""
    table = np.full((len(tags.probabilities), len(names)), _LEAST, dtype=np.float64)
    for column, name in enumerate(tags.tags):
        # The mass of a class that the labels do not have says: no entity.
        table[:, names.index(name) if name in names else 0] += tags.probabilities[:, column]
    return np.asarray(table / table.sum(axis=1, keepdims=True), dtype=np.float64)


def _numbers(sentence: Sentence, names: Sequence[str]) -> list[int]:
    return [names.index(tag) for tag in tags_from_spans(sentence.spans, len(sentence.words))]


def _issue(
    sentence: Sentence, place: int, word: int, table: NDArray[np.float64], names: Sequence[str]
) -> LabelIssue:
    given, suggested = _numbers(sentence, names)[word], int(table[word].argmax())
    return LabelIssue(
        sentence=place,
        sentence_id=sentence.id,
        word=word,
        text=sentence.words[word],
        given=names[given],
        suggested=names[suggested],
        score=float(table[word, given]),
        suggested_score=float(table[word, suggested]),
    )


def _scores(
    sentences: Sequence[Sentence], tables: Sequence[NDArray[np.float64]], names: Sequence[str]
) -> tuple[float, ...]:
    return tuple(
        float(table[np.arange(len(table)), _numbers(sentence, names)].min()) if len(table) else 1.0
        for sentence, table in zip(sentences, tables, strict=True)
    )
