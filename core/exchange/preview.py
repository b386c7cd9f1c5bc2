"""Looking at a file before it is brought in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from core.config import ComponentChoice, parse_settings
from core.corpora import FORMATS, BadLines, BadSentence, guess_format
from core.corpora._bytes import read_bytes
from core.errors import DataError
from core.exchange.limits import MAX_FILE_BYTES, MAX_SENTENCES, too_large
from core.exchange.parallel import PARALLEL_FORMATS, guess_parallel_format
from core.exchange.values import ImportPreview, PairPreview

BLOCKS = frozenset({"conll", "conll2002", "conll2003", "uner"})
"""Formats in which a blank line ends a sentence."""
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}")


def preview_import(
    source: Path | bytes, language: str, *, name: str = "", form: str | ComponentChoice = ""
) -> ImportPreview:
    """Read a file of sentences as far as it can be read.

    Args:
        source: the file, or what was uploaded.
        language: BCP-47 code of its text.
        name: the name of an upload.
        form: a format with options, such as `conll:tag_column=1`; empty guesses it.

    Raises:
        DataError: the file is no corpus, is too large, or nothing of it can be read.
        ConfigError: no such format or option.
    """
    with _on_disk(source, name) as (path, shown):
        choice = _chosen(form) or guess_format(path)
        bad = BadLines()
        reader = FORMATS.create(choice.name, choice.parameters)
        sentences = reader.read(path, language, skip_bad=bad)
        _require_few(len(sentences) + len(bad), shown)
        data = read_bytes(path)
        return ImportPreview(
            name=shown,
            form=choice,
            guessed=not form,
            sentences=tuple(sentences),
            bad=_named(bad, shown),
            ignored={kind: count for kind, count in bad.ignored.items() if count},
            set_aside_bytes=set_aside(bad.sentences, data, blocks=choice.name in BLOCKS),
        )


def preview_pairs(
    source: Path | bytes,
    source_language: str,
    target_language: str,
    *,
    name: str = "",
    form: str | ComponentChoice = "",
) -> PairPreview:
    """Read a file of parallel text as far as it can be read.

    Args:
        source: the file, or what was uploaded.
        source_language: BCP-47 code of the source side.
        target_language: BCP-47 code of the target side.
        name: the name of an upload.
        form: a parallel format with options; empty guesses it.

    Raises:
        DataError: the file is no parallel text, is too large, or nothing of it can be read.
        ConfigError: no such format or option.
    """
    with _on_disk(source, name) as (path, shown):
        choice = _chosen(form) or guess_parallel_format(path)
        bad = BadLines()
        reader = PARALLEL_FORMATS.create(choice.name, choice.parameters)
        pairs = reader.read(path, source_language, target_language, skip_bad=bad)
        _require_few(len(pairs) + len(bad), shown)
        return PairPreview(
            name=shown,
            form=choice,
            guessed=not form,
            pairs=tuple(pairs),
            bad=_named(bad, shown),
            set_aside_bytes=set_aside(bad.sentences, read_bytes(path), blocks=False),
        )


def parse_choice(choice: str) -> ComponentChoice:
    """Read a format with its options: `conll:tag_column=1,scheme=iob1`."""
    name, _, options = choice.partition(":")
    settings = parse_settings(filter(None, options.split(",")))
    return ComponentChoice(name=name.strip(), parameters=dict(settings))


def _chosen(form: str | ComponentChoice) -> ComponentChoice | None:
    if isinstance(form, ComponentChoice):
        return form
    return parse_choice(form) if form else None


@contextmanager
def _on_disk(source: Path | bytes, name: str) -> Iterator[tuple[Path, str]]:
    """Give the file's path and the name to show; errors bear that name.

    An upload's name is never used as a path: only its ending is, because formats know it.
    """
    if isinstance(source, Path):
        shown = name or str(source)
        if source.is_file() and source.stat().st_size > MAX_FILE_BYTES:
            raise too_large("the bytes of a file", MAX_FILE_BYTES, shown)
        with _shown_as(shown):
            yield source, shown
        return
    shown = PurePath(name.replace("\\", "/")).name or "upload"
    if len(source) > MAX_FILE_BYTES:
        raise too_large("the bytes of a file", MAX_FILE_BYTES, shown)
    suffix = PurePath(shown).suffix
    with TemporaryDirectory() as folder, _shown_as(shown):
        path = Path(folder) / f"upload{suffix if _SUFFIX.fullmatch(suffix) else ''}"
        path.write_bytes(source)
        yield path, shown


@contextmanager
def _shown_as(shown: str) -> Iterator[None]:
    try:
        yield
    except DataError as error:
        raise DataError(
            error.reason, code=error.code, path=shown, line=error.line, hint=error.hint
        ) from error


def _require_few(sentences: int, shown: str) -> None:
    if sentences > MAX_SENTENCES:
        raise too_large("the sentences of a file", MAX_SENTENCES, shown)


def _named(bad: BadLines, shown: str) -> tuple[BadSentence, ...]:
    return tuple(replace(one, path=shown) for one in bad.sentences)


def set_aside(bad: Sequence[BadSentence], data: bytes, *, blocks: bool) -> bytes:
    """Collect what could not be read, byte for byte.

    Args:
        bad: of one file.
        data: the file.
        blocks: whether a blank line ends a sentence.
    """
    lines = data.split(b"\n") if any(one.lines for one in bad) else []
    end = b"\n\n" if blocks else b"\n"
    pieces = []
    for one in bad:
        if one.lines is None:
            pieces.append(one.raw)
        else:
            first, last = one.lines
            pieces.append(b"\n".join(lines[first - 1 : last]).removesuffix(b"\r") + end)
    return b"".join(piece if piece.endswith(b"\n") else piece + b"\n" for piece in pieces if piece)
