"""How probable a phrase is as the translation of another, asked of a model once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from core.seq2seq.loading import ModelChoice, load_seq2seq

Phrases: TypeAlias = tuple[str, str]
"""Source phrase and target phrase."""
_Key: TypeAlias = tuple[ModelChoice, str, str, Phrases]
# An entry takes some 300 bytes.
_MOST_KEPT = 200_000


class _Memory:
    """The most recently used log-probabilities, shared by all problems and threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.lock = threading.Lock()
        self.values: OrderedDict[_Key, float] = OrderedDict()

    def recall(self, keys: Iterable[_Key]) -> dict[_Key, float]:
        with self.lock:
            found = {key: self.values[key] for key in keys if key in self.values}
            for key in found:
                self.values.move_to_end(key)
        return found

    def keep(self, values: dict[_Key, float]) -> None:
        with self.lock:
            self.values.update(values)
            while len(self.values) > self.most:
                self.values.popitem(last=False)


_MEMORY = _Memory(_MOST_KEPT)


def phrase_log_probabilities(
    choice: ModelChoice,
    phrases: Sequence[Phrases],
    *,
    source: str,
    target: str,
    batch_tokens: int,
) -> dict[Phrases, float]:
    """Compute `log P(target phrase | source phrase)` per token, and remember it.

    The model is loaded only if something is not remembered; what is remembered outlives it.

    Args:
        choice: the model.
        phrases: pairs of phrases; those that occur twice are computed once.
        source: BCP-47 code of the source phrases.
        target: BCP-47 code of the target phrases.
        batch_tokens: tokens computed at once.

    Returns:
        The value of every pair, natural logarithm, at most 0.

    Raises:
        ConfigError: the model does not know a language (code unknown-language).
        BackendError: the model cannot be had.
    """
    keys = {(choice, source, target, pair): pair for pair in phrases}
    found = _MEMORY.recall(keys)
    asked = [key for key in keys if key not in found]
    if asked:
        values = load_seq2seq(choice).log_probabilities(
            [keys[key][0] for key in asked],
            [keys[key][1] for key in asked],
            source=source,
            target=target,
            batch_tokens=batch_tokens,
        )
        computed = dict(zip(asked, values.tolist(), strict=True))
        _MEMORY.keep(computed)
        found |= computed
    return {keys[key]: value for key, value in found.items()}
