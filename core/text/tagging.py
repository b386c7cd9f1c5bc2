"""The best legal tag sequence of a sentence."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.text.tags import spans_from_tags
from core.types import Span, WordTags

_FLOOR = 1e-9  # probability that a tag of probability 0 counts as, so that logarithms stay finite


def decode(tags: WordTags) -> tuple[Span, ...]:
    """Return the spans of the most probable legal IOB2 sequence (Viterbi).

    `I-X` may follow only `B-X` or `I-X`. Of equally probable sequences the one whose tags come
    first in `tags.tags` is taken.
    """
    words = len(tags.probabilities)
    if words == 0:
        return ()
    # Most words of most sentences are plainly outside: then there is nothing to search for.
    if (tags.probabilities.argmax(axis=1) == 0).all():
        return ()
    start, steps = _legal(tags.tags)
    scores = np.log(np.maximum(tags.probabilities.astype(np.float64), _FLOOR))
    best = scores[0] + start
    came_from = np.zeros((words, len(tags.tags)), dtype=np.int64)
    for word in range(1, words):
        ways = best[:, None] + steps
        came_from[word] = ways.argmax(axis=0)
        best = ways.max(axis=0) + scores[word]
    path = [int(best.argmax())]
    for word in range(words - 1, 0, -1):
        path.append(int(came_from[word, path[-1]]))
    return spans_from_tags([tags.tags[index] for index in reversed(path)])


@lru_cache(maxsize=32)
def _legal(tags: tuple[str, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what starting with a tag and stepping from tag to tag cost: 0 or infinitely much."""
    start = np.array([-np.inf if tag.startswith("I-") else 0.0 for tag in tags])
    steps = np.zeros((len(tags), len(tags)))
    for column, tag in enumerate(tags):
        if tag.startswith("I-"):
            allowed = {f"B-{tag[2:]}", tag}
            steps[
                [row for row, before in enumerate(tags) if before not in allowed], column
            ] = -np.inf
    return start, steps
