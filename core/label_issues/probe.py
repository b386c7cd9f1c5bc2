"""A small tagger that learns in seconds: a linear layer on frozen word vectors.

It is a weak tagger and a good judge: with a few hundred weights a class it cannot learn single
wrong labels by heart, so that what it is sure of is what the labels of many sentences agree on.

Paper: Alain and Bengio 2016, Understanding intermediate layers using linear classifier probes,
arXiv:1610.01644.
Departs: none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.encoders import Encoder
from core.text.tags import tag_names, tags_from_spans
from core.types import Sentence, WordTags

_ROUNDS = 200  # of the optimiser; it stops earlier where nothing more is gained


@dataclass(frozen=True)
class LinearProbe:
    """A `ProbabilitySource` on the vectors of an encoder; each sentence is encoded once.

    Attributes:
        encoder: gives the word vectors.
        strength: of the pull towards small weights; higher pulls less.
        vectors: those that were computed, by words.
    """

    encoder: Encoder
    strength: float = 1.0
    vectors: dict[tuple[str, ...], NDArray[np.float32]] = field(default_factory=dict)

    def __call__(
        self, training: Sequence[Sentence], held_out: Sequence[Sentence]
    ) -> list[WordTags]:
        """Learn from labelled sentences and judge the words of others.

        Raises:
            BackendError: the encoder cannot be had.
        """
        from sklearn.linear_model import LogisticRegression

        self._encode([*training, *held_out])
        names = tag_names([*training, *held_out])
        tags = [tag for one in training for tag in tags_from_spans(one.spans, len(one.words))]
        rows = self._rows(training)
        if len(set(tags)) < 2:  # nothing to tell apart
            return [_certain(names, tags[0] if tags else "O", len(one.words)) for one in held_out]
        model = LogisticRegression(C=self.strength, max_iter=_ROUNDS, tol=1e-3)
        model.fit(rows, tags)
        columns = [names.index(str(tag)) for tag in model.classes_]
        found = []
        for one in held_out:
            table = np.zeros((len(one.words), len(names)), dtype=np.float32)
            if one.words:
                table[:, columns] = model.predict_proba(self._rows([one]))
            table.flags.writeable = False
            found.append(WordTags(names, table))
        return found

    def _encode(self, sentences: Sequence[Sentence]) -> None:
        missing = {one.words: one for one in sentences if one.words not in self.vectors}
        encoded = self.encoder.encode(list(missing.values()))
        for words, one in zip(missing, encoded, strict=True):
            self.vectors[words] = one.word_vectors()

    def _rows(self, sentences: Sequence[Sentence]) -> NDArray[np.float32]:
        return np.concatenate([self.vectors[one.words] for one in sentences])


def _certain(names: tuple[str, ...], tag: str, words: int) -> WordTags:
    table = np.zeros((words, len(names)), dtype=np.float32)
    table[:, names.index(tag)] = 1
    table.flags.writeable = False
    return WordTags(names, table)
