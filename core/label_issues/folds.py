"""Probabilities of models that have not seen the labels they judge: cross-validation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from core.errors import ConfigError, DataError
from core.label_issues import ProbabilitySource
from core.types import Sentence, WordTags


def out_of_fold(
    sentences: Sequence[Sentence],
    source: ProbabilitySource,
    *,
    folds: int = 5,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> list[WordTags]:
    """Let each part of a corpus be judged by a model of the others.

    Sentences of the same words are in the same part, so that no model has seen them.

    Args:
        sentences: labelled.
        source: learns and judges; called once a part.
        folds: parts, at least 2.
        seed: of the parts.
        progress: called after each part.

    Returns:
        What was thought of every sentence, in order.

    Raises:
        ConfigError: fewer than two parts (code bad-value).
        DataError: fewer distinct sentences than parts (code empty-corpus).
    """
    if folds < 2:
        raise ConfigError(f"folds must be at least 2, got {folds}", code="bad-value")
    parts = _parts(sentences, folds, seed)
    found: dict[int, WordTags] = {}
    for part in range(folds):
        held_out = [place for place, own in enumerate(parts) if own == part]
        training = [one for one, own in zip(sentences, parts, strict=True) if own != part]
        judged = source(training, [sentences[place] for place in held_out])
        found.update(zip(held_out, judged, strict=True))
        if progress is not None:
            progress(part + 1, folds)
    return [found[place] for place in range(len(sentences))]


def _parts(sentences: Sequence[Sentence], folds: int, seed: int) -> list[int]:
    distinct = list(dict.fromkeys(sentence.words for sentence in sentences))
    if len(distinct) < folds:
        raise DataError(
            f"there must be at least {folds} distinct sentences, got {len(distinct)}",
            code="empty-corpus",
            hint="take fewer folds",
        )
    order = np.random.default_rng(seed).permutation(len(distinct))
    part_of = {distinct[place]: int(rank) % folds for rank, place in enumerate(order)}
    return [part_of[sentence.words] for sentence in sentences]
