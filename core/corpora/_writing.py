"""Writing sentences: the whole file or nothing, and only what would be read back the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from core.errors import DataError
from core.text.files import write_lines
from core.text.tags import Scheme, tags_from_spans
from core.types import Sentence


def write_each(
    path: Path, sentences: Iterable[Sentence], lines: Callable[[Sentence], list[str]]
) -> None:
    """Write sentences one after another.

    Args:
        path: file to make or replace.
        sentences: what to write, taken one by one.
        lines: makes the lines of a sentence.

    Raises:
        DataError: the file cannot be written, or a sentence cannot be held; names the file.
    """
    write_lines(path, _all_lines(path, sentences, lines))


def _all_lines(
    path: Path, sentences: Iterable[Sentence], lines: Callable[[Sentence], list[str]]
) -> Iterator[str]:
    for sentence in sentences:
        try:
            yield from lines(sentence)
        except DataError as error:
            raise DataError(
                error.reason, code=error.code, path=str(path), hint=error.hint
            ) from error


def writable_tags(sentence: Sentence, scheme: Scheme) -> list[str]:
    """Return a sentence's tags, once it is clear that rows of words can hold it.

    Raises:
        DataError: an empty word, white space in a word or label, a line break or outer space in the
            name (code bad-value).
    """
    for word in sentence.words:
        require_solid(word, "a word", sentence)
    for span in sentence.spans:
        require_solid(span.label, "a label", sentence)
    if sentence.id != sentence.id.strip() or {"\n", "\r"} & set(sentence.id):
        raise unwritable(f"an id must be one trimmed line, got {sentence.id!r}", sentence)
    return tags_from_spans(sentence.spans, len(sentence.words), scheme=scheme)


def require_solid(value: str, what: str, sentence: Sentence) -> None:
    """Check that a text is one piece.

    Raises:
        DataError: it is empty or holds white space (code bad-value).
    """
    if value.split() != [value]:
        raise unwritable(f"{what} must be one piece without white space, got {value!r}", sentence)


def require_one_line(text: str, sentence: Sentence) -> None:
    """Check that a text can stand on one line of a file.

    Raises:
        DataError: it holds a line feed, or ends in a carriage return, which readers take for part
            of the line's ending (code bad-value).
    """
    if "\n" in text or text.endswith("\r"):
        raise unwritable(f"a text must be one line, got {text!r}", sentence)


def unwritable(reason: str, sentence: Sentence) -> DataError:
    """Return the error for a sentence that a format cannot hold."""
    where = f" (sentence {sentence.id!r})" if sentence.id else ""
    return DataError(reason + where, code="bad-value", hint="JSONL can hold any sentence")
