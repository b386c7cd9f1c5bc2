"""From a tagger's word probabilities to spans.

Paper: Viterbi 1967; the constraint on IOB2 transitions as in Lample et al. 2016, section 2.3.
Departs: transitions are only legal or not, never weighted.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.text.tags import spans_from_tags, split_tag
from core.types import Span, WordTags

# An impossible tag still beats an illegal transition, so that every input has a legal answer.
_LEAST = 1e-30


def require_tags(tags: WordTags | None, what: str) -> WordTags:
    """Return a tagger's view of the target.

    Raises:
        ConfigError: there is none (code missing-stage).
    """
    if tags is None:
        raise ConfigError(
            f"{what} needs a tagger's probabilities for the target's words, got none",
            code="missing-stage",
            hint="choose a tagger that gives them, such as --tagger default",
        )
    return tags


def decode(tags: WordTags) -> tuple[Span, ...]:
    """Return the spans of the most probable legal IOB2 sequence.

    `I-X` must follow `B-X` or `I-X`. Of equally probable tags the first in `tags.tags` is taken, so
    that the answer is always the same.
    """
    if not len(tags.probabilities):
        return ()
    starts, moves = _legal(tags.tags)
    best = tags.probabilities.argmax(axis=1)
    # Where the best tag of every word makes a legal sequence, no other sequence can be better.
    if not (starts[best[0]] and moves[best[:-1], best[1:]].all()):
        best = _viterbi(tags.probabilities, starts, moves)
    if not best.any() and tags.tags[0] == "O":
        return ()
    return spans_from_tags([tags.tags[index] for index in best])


def _viterbi(
    probabilities: NDArray[np.float32], starts: NDArray[np.bool_], moves: NDArray[np.bool_]
) -> NDArray[np.int64]:
    logs = np.log(np.maximum(probabilities.astype(np.float64), _LEAST))
    penalties = np.where(moves, 0.0, -np.inf)
    back = np.zeros(logs.shape, dtype=np.int64)
    best = np.where(starts, logs[0], -np.inf)
    for word in range(1, len(logs)):
        reached = best[:, None] + penalties
        back[word] = reached.argmax(axis=0)
        best = reached.max(axis=0) + logs[word]
    path = np.zeros(len(logs), dtype=np.int64)
    path[-1] = best.argmax()
    for word in range(len(logs) - 1, 0, -1):
        path[word - 1] = back[word, path[word]]
    return path


@lru_cache(maxsize=32)
def _legal(tags: tuple[str, ...]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which tags may come first, and which may follow which: shape (tag before, tag)."""
    parts = [split_tag(tag) for tag in tags]
    starts = np.array([prefix != "I" for prefix, _ in parts])
    moves = np.array(
        [[prefix != "I" or label == before for prefix, label in parts] for _, before in parts]
    )
    return starts, moves
