"""Tags as models name them → IOB2 probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.types import WordTags

# First letters of the schemes in use: IOB, BILOU, BIOES.
_BEGIN, _INSIDE = frozenset("BSU"), frozenset("IEL")


def parse_classes(text: str) -> dict[str, str]:
    """Read `PERSON=PER,GPE=LOC,DATE=` as a map; nothing behind `=` drops the class.

    Raises:
        ConfigError: a part without `=` (code bad-config).
    """
    found = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, wanted = part.partition("=")
        if not equals or not name.strip():
            raise ConfigError(
                f"a class map must be OLD=NEW,OLD=NEW with nothing behind = to drop, got {part!r}",
                code="bad-config",
            )
        found[name.strip()] = wanted.strip()
    return found


def classes_of(names: Sequence[str], rename: Mapping[str, str]) -> tuple[str, ...]:
    """Return the classes that a model's tags stand for, renamed and without the dropped."""
    found = {rename.get(name, name) for _, name in map(_split, names) if name}
    return tuple(sorted(found - {""}))


def to_iob2(
    probabilities: NDArray[np.float32], names: Sequence[str], rename: Mapping[str, str]
) -> WordTags:
    """Turn a model's own tags into IOB2.

    Where a model tells the beginning of an entity apart (IOB2, BILOU), its B is taken. Where it
    does not (IOB1 as in CoNLL-2003, bare classes), an inside tag begins an entity with the
    probability that the word before is of another class.

    Args:
        probabilities: shape (words, names); a row of zeros is a word the model did not see.
        names: the model's tags.
        rename: class → class, or nothing to drop it; the dropped mass goes to O.
    """
    classes = classes_of(names, rename)
    words = len(probabilities)
    begin = {name: np.zeros(words, dtype=np.float32) for name in classes}
    inside = {name: np.zeros(words, dtype=np.float32) for name in classes}
    for column, (prefix, name) in enumerate(map(_split, names)):
        wanted = rename.get(name, name)
        if wanted in begin:
            part = begin if prefix in _BEGIN else inside
            part[wanted] += probabilities[:, column]
    begins = {_split(name)[1] for name in names if _split(name)[0] in _BEGIN}
    told_apart = all(name in begins for _, name in map(_split, names) if name)
    if not told_apart:
        for name in classes:
            both = begin[name] + inside[name]
            before = np.concatenate([np.zeros(1, dtype=np.float32), both[:-1]])[:words]
            begin[name], inside[name] = (
                begin[name] + inside[name] * (1 - before),
                inside[name] * before,
            )
    columns = [part[name] for name in classes for part in (begin, inside)]
    known = np.stack(columns, axis=1) if columns else np.zeros((words, 0), dtype=np.float32)
    # What is left is O's: its own mass, that of dropped classes, all of it for an unseen word.
    outside = np.maximum(1 - known.sum(axis=1, keepdims=True), 0)
    table = np.concatenate([outside, known], axis=1).astype(np.float32)
    table.flags.writeable = False
    return WordTags(("O", *(f"{p}-{name}" for name in classes for p in "BI")), table)


def inside_where(continued: NDArray[np.bool_], tags: WordTags) -> WordTags:
    """Let words only go on with an entity, where they share a subword with the word before.

    Args:
        continued: shape (words,).
        tags: IOB2, as `to_iob2` makes them.
    """
    if not continued.any():
        return tags
    table = tags.probabilities.copy()
    for name in tags.classes:
        begin, inside = (tags.tags.index(f"{prefix}-{name}") for prefix in "BI")
        table[continued, inside] += table[continued, begin]
        table[continued, begin] = 0
    table.flags.writeable = False
    return WordTags(tags.tags, table)


def _split(tag: str) -> tuple[str, str]:
    """Split `B-PER` into prefix and class; a bare class has the prefix I, O has no class."""
    if tag == "O":
        return "O", ""
    prefix, dash, name = tag.partition("-")
    if dash and prefix in _BEGIN | _INSIDE:
        return prefix, name
    return "I", tag
