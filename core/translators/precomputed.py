"""Translations that were made before: by another system, or by people."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from core.errors import ConfigError, DataError, Notice
from core.text.files import Line, read_lines, stamp_of
from core.translators import TRANSLATORS

_MOST_FILES = 8  # that are kept in memory: one a direction, and a corpus may have several


@dataclass(frozen=True)
class Precomputed:
    """Looks every text up in a file of translations, whatever the order."""

    file: Annotated[
        str,
        Field(
            description="file of lines TEXT<TAB>TRANSLATION, or with `texts` of one translation a "
            "line; {source} and {target} stand for the language codes"
        ),
    ] = ""
    texts: Annotated[
        str,
        Field(description="file of the texts, line by line beside `file`; empty: they are in it"),
    ] = ""

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Look every text up by its content; white space counts as one space.

        Raises:
            ConfigError: no file is named (code bad-config).
            DataError: a file cannot be read, a line is malformed (bad-line), the two files differ
                in length (not-parallel), or a text has no translation (missing-translation).
        """
        if not self.file:
            raise ConfigError(
                "the translator 'precomputed' needs a file of translations, got none",
                code="bad-config",
                hint="add --set translator.file=PATH",
            )
        path = _path(self.file, source, target)
        known, differing = self._read(path, source, target)
        if differing:
            warnings.warn(
                f"{path}: {differing} lines translate a text differently from a line before; the "
                "first translation is taken",
                Notice,
                stacklevel=2,
            )
        wanted = [_key(text) for text in texts]
        for place, key in enumerate(wanted, start=1):
            if key and key not in known:
                raise DataError(
                    f"there must be a translation for every text, got none for text {place} of "
                    f"{len(texts)}",
                    code="missing-translation",
                    path=str(path),
                    hint="the file must hold the very text, but for white space",
                )
        return [known[key] if key else "" for key in wanted]

    def _read(self, path: Path, source: str, target: str) -> tuple[dict[str, str], int]:
        texts = _path(self.texts, source, target) if self.texts else None
        files = (path,) if texts is None else (texts, path)
        return _read(path, texts, tuple(map(stamp_of, files)))

    def release(self) -> None:
        """Free the translations; the next call reads them again."""
        _read.cache_clear()


@lru_cache(maxsize=_MOST_FILES)
def _read(
    path: Path,
    texts: Path | None,
    stamps: tuple[tuple[int, int], ...],  # noqa: ARG001 - tells versions of the files apart
) -> tuple[dict[str, str], int]:
    """Read all translations of a file, once as long as it does not change."""
    return _collect(_from_one_file(path) if texts is None else _from_two_files(texts, path))


def _path(name: str, source: str, target: str) -> Path:
    # Not str.format: a path may hold other braces.
    return Path(name.replace("{source}", source).replace("{target}", target)).expanduser()


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _collect(lines: Iterator[tuple[str, str]]) -> tuple[dict[str, str], int]:
    """Keep the first translation of each text, so that its place does not matter; count others."""
    known: dict[str, str] = {}
    differing = 0
    for text, translation in lines:
        first = known.setdefault(_key(text), translation)
        differing += first != translation
    return known, differing


def _from_one_file(path: Path) -> Iterator[tuple[str, str]]:
    for line in read_lines(path):
        line.require_utf8()
        if line.is_blank:
            continue
        fields = line.text.split("\t")
        if len(fields) != 2:
            raise line.error(
                f"a line must be TEXT<TAB>TRANSLATION, got {len(fields)} fields",
                hint="name the file of the texts, if this one holds translations only: "
                "--set translator.texts=PATH",
            )
        yield fields[0], _translation(line, *fields)


def _from_two_files(texts: Path, translations: Path) -> Iterator[tuple[str, str]]:
    left, right = read_lines(texts), read_lines(translations)
    if len(left) != len(right):
        raise DataError(
            f"the file must have a line for each of the {len(left)} lines of {texts}, got "
            f"{len(right)}",
            code="not-parallel",
            path=str(translations),
        )
    for text, line in zip(left, right, strict=True):
        text.require_utf8()
        line.require_utf8()
        if not text.is_blank:
            yield text.text, _translation(line, text.text, line.text)


def _translation(line: Line, text: str, translation: str) -> str:
    cleaned = " ".join(translation.split())
    if text.strip() and not cleaned:
        raise line.error("a text's translation must not be empty")
    return cleaned


TRANSLATORS.register(Precomputed)
