"""PAN-X as WikiANN packs it: `LANGUAGE:TOKEN TAB TAG` a row, a blank line after each sentence.

Paper: Pan et al. 2017, Cross-lingual Name Tagging and Linking for 282 Languages, P17-1178;
Rahimi et al. 2019, Massively Multilingual Transfer for NER, P19-1015 (the splits).
Departs: none; broken sequences of tags are read as the CoNLL evaluation script does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from core.corpora import BadLines
from core.corpora._bad_lines import read_each
from core.corpora._rows import blank_separated, read_tags
from core.text.files import Line, read_lines
from core.text.words import sentence_from_words
from core.types import Sentence

# The token may hold colons of its own; the language cannot.
_ROW = re.compile(r"(?P<language>[a-z-]+):(?P<token>[^\t]*)\t(?P<tag>[^\t]*)")


class PanXRows:
    """Reads files of `LANGUAGE:TOKEN TAB TAG`."""

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every sentence of a file, in order.

        Args:
            path: the file.
            language: BCP-47 code, which is also what stands before every token.
            skip_bad: takes malformed sentences instead of stopping at the first.

        Raises:
            DataError: the file cannot be read, or holds a malformed sentence; names file and line.
        """
        return read_each(
            blank_separated(read_lines(path)),
            lambda group: _sentence(group, language),
            skip_bad=skip_bad,
            origin=lambda group: (group[0].number, group[-1].number),
        )


def _sentence(group: Sequence[Line], language: str) -> Sentence:
    fields = [_fields(row, language) for row in group]
    return sentence_from_words(
        [word for word, _ in fields],
        language,
        spans=read_tags([tag for _, tag in fields], group, "auto"),
        line=group[0].number,
    )


def _fields(row: Line, language: str) -> tuple[str, str]:
    row.require_utf8()
    found = _ROW.fullmatch(row.text)
    if found is None or found["language"] != language:
        raise row.error(f"a row must be {language}:TOKEN, a tab and the tag, got {row.text!r}")
    if not found["token"].strip():
        raise row.error(f"a word must not be empty, got the row {row.text!r}")
    return found["token"], found["tag"].strip()
