"""What the formats of parallel text share: pairs made of two texts, and writing them whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from core.corpora._bytes import write_bytes
from core.corpora._whole import require_unicode
from core.errors import DataError
from core.text.char_spans import sentence_from_text
from core.types import SentencePair


def pair_of_texts(
    source: str,
    target: str,
    source_language: str,
    target_language: str,
    *,
    pair_id: str = "",
    line: int | None = None,
) -> SentencePair:
    """Make a pair of two texts, split into words; nothing is labelled."""
    return SentencePair(
        source=sentence_from_text(source, source_language, sentence_id=pair_id, line=line),
        target=sentence_from_text(target, target_language, sentence_id=pair_id, line=line),
        id=pair_id,
        has_gold=False,
        source_labelled=False,
    )


def unwritable_pair(reason: str, pair: SentencePair) -> DataError:
    """Return the error for a pair that a format cannot hold."""
    where = f" (pair {pair.id!r})" if pair.id else ""
    return DataError(reason + where, code="bad-value")


def write_pairs(
    path: Path,
    pairs: Iterable[SentencePair],
    *,
    check: Callable[[SentencePair], None],
    content: Callable[[Sequence[SentencePair]], bytes],
) -> None:
    """Write pairs to a file, the whole file or nothing.

    Raises:
        DataError: the file cannot be written (code file-not-writable), or the format cannot hold a
            pair (bad-value); names the file.
    """
    taken = list(pairs)
    for pair in taken:
        try:
            require_unicode_pair(pair)
            check(pair)
        except DataError as error:
            raise DataError(
                error.reason, code=error.code, path=str(path), hint=error.hint
            ) from error
    write_bytes(path, content(taken))


def require_unicode_pair(pair: SentencePair) -> None:
    """Check that a pair can be written as UTF-8.

    Raises:
        DataError: half a surrogate pair (code bad-value).
    """
    require_unicode(pair.source)
    require_unicode(pair.target)
    try:
        pair.id.encode()
    except UnicodeEncodeError as error:
        raise unwritable_pair("an id must be valid Unicode, got half a surrogate", pair) from error
