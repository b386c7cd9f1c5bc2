"""Writing formats that are no lines: all sentences checked, then one file made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from core.corpora._bytes import write_bytes
from core.corpora._writing import unwritable
from core.errors import DataError
from core.types import Sentence


def write_whole(
    path: Path,
    sentences: Iterable[Sentence],
    *,
    check: Callable[[Sentence], None],
    content: Callable[[Sequence[Sentence]], bytes],
) -> None:
    """Write sentences to a file, the whole file or nothing.

    Args:
        path: file to make or replace.
        sentences: what to write.
        check: refuses a sentence that the format cannot hold.
        content: makes the file.

    Raises:
        DataError: the file cannot be written (code file-not-writable), or the format cannot hold a
            sentence (bad-value); names the file.
    """
    taken = list(sentences)
    for sentence in taken:
        try:
            require_unicode(sentence)
            check(sentence)
        except DataError as error:
            raise DataError(
                error.reason, code=error.code, path=str(path), hint=error.hint
            ) from error
    write_bytes(path, content(taken))


def require_unicode(sentence: Sentence) -> None:
    """Check that a sentence can be written as UTF-8.

    Raises:
        DataError: half a surrogate pair (code bad-value).
    """
    labels = [span.label for span in sentence.spans]
    for text in (sentence.text, *sentence.words, *labels, sentence.id):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            bad = error.object[error.start : error.end]
            raise unwritable(f"text must be valid Unicode, got {bad!r}", sentence) from error
