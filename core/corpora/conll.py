"""CoNLL columns: one word a row with its tag, a blank line after each sentence.

Paper: Tjong Kim Sang 2002 and Tjong Kim Sang and De Meulder 2003 (the shared tasks' data format).
Departs: `# id = …` or `# sent_id = …` before a sentence names it; a named one may be empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import read_each
from core.corpora._columns import DOCUMENT_START, Columns
from core.corpora._rows import Block, SchemeChoice, blank_separated, read_tags
from core.corpora._writing import unwritable, writable_tags, write_each
from core.text.files import Line, read_lines
from core.text.words import sentence_from_words
from core.types import Sentence


@dataclass(frozen=True)
class Conll:
    """Word and tag in columns parted by tabs or spaces.

    Writing always gives two columns, word TAB tag, whatever was read; the running text is not kept.
    """

    extensions: ClassVar[tuple[str, ...]] = (
        ".conll",
        ".conll02",
        ".conll03",
        ".iob",
        ".iob2",
        ".bio",
        ".bioes",
        ".tsv",
    )
    binary: ClassVar[bool] = False
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "spans", "ids", "empty"})

    token_column: Annotated[
        int, Field(description="column of the word, from 0; negative counts from the right")
    ] = 0
    tag_column: Annotated[
        int, Field(description="column of the tag, from 0; negative counts from the right")
    ] = -1
    scheme: Annotated[
        SchemeChoice,
        Field(description="tag scheme to enforce and to write; auto reads all and writes iob2"),
    ] = "auto"

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every sentence of a file; -DOCSTART- rows and stray blank lines are passed over."""
        lines = read_lines(path)
        columns = self._columns(lines)
        blocks = (columns.block(group) for group in blank_separated(lines))

        def parse(block: Block) -> Sentence:
            block.require_utf8()
            fields = [columns.fields(row) for row in block.rows]
            return sentence_from_words(
                [word for word, _ in fields],
                language,
                spans=read_tags([tag for _, tag in fields], block.rows, self.scheme),
                sentence_id=block.id,
                line=block.line,
            )

        return read_each(
            (block for block in blocks if block.is_sentence),
            parse,
            skip_bad=skip_bad,
            origin=lambda block: block.lines,
        )

    def settled(self, lines: Iterable[Line]) -> Conll:
        """Return the format that reads any part of a file as it would read the whole.

        Args:
            lines: of the whole file, taken one by one.

        Raises:
            DataError: the rows have not the columns that are asked for (code bad-line).
        """
        return _Settled(
            self.token_column, self.tag_column, self.scheme, columns=self._columns(lines)
        )

    def _columns(self, lines: Iterable[Line]) -> Columns:
        return Columns.of(lines, token=self.token_column, tag=self.tag_column)

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        self.lines(sentence)

    def lines(self, sentence: Sentence) -> list[str]:
        """Return a sentence's rows: two columns parted by a tab, and its name before them."""
        tags = writable_tags(sentence, "iob2" if self.scheme == "auto" else self.scheme)
        if sentence.words[:1] == (DOCUMENT_START,):
            raise unwritable(f"a sentence must not begin with {DOCUMENT_START}", sentence)
        # Without its name, nothing else would stand for an empty sentence.
        header = f"# id = {sentence.id}" if sentence.id else "# text ="
        rows = [f"{word}\t{tag}" for word, tag in zip(sentence.words, tags, strict=True)]
        return [*([header] if sentence.id or not rows else []), *rows, ""]

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write sentences with a blank line after each."""
        write_each(path, sentences, self.lines)


@dataclass(frozen=True, kw_only=True)
class _Settled(Conll):
    """The format with the columns of one file."""

    columns: Columns

    def _columns(self, lines: Iterable[Line]) -> Columns:  # noqa: ARG002 - they are known
        return self.columns


FORMATS.register(Conll)
