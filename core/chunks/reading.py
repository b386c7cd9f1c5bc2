"""Sentence pairs of large files, one after another, by the same readers that read small ones.

Files whose sentences are lines of their own are cut into pieces, so that memory does not grow with
the file. The two sides must be in step; where their sentences' own names say that they are not, or
where a format has no lines, the corpus has to be read whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from core.chunks.names import own_names
from core.chunks.pieces import PIECE_BYTES, head_of, lines_of, pieces_of
from core.corpora import (
    FORMATS,
    BadLines,
    BadSentence,
    Format,
    GuessingFormat,
    LineFormat,
    guess_format,
)
from core.datasets._joining import links_inside
from core.datasets._sides import sentences_in_place
from core.datasets.files import LINKS_NAME
from core.errors import DataError
from core.text.pharaoh import links_of_line
from core.text.words import sentence_from_words
from core.types import Link, Sentence, SentencePair

_Links: TypeAlias = tuple[Link, ...]


class NotInStep(Exception):  # noqa: N818 - no error: the corpus is read in another way
    """The corpus cannot be read piece by piece."""


class NotNamed(Exception):  # noqa: N818 - no error either
    """Not every sentence has a name of its own: the pairs have to be numbered."""


@dataclass(frozen=True, slots=True)
class CorpusFiles:
    """Parallel files.

    Attributes:
        source: labelled source sentences; None where they are still to be translated.
        target: their translations; None where they are still to be made.
        links: word links in Pharaoh format.
    """

    source: Path | None
    target: Path | None
    links: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return the files that there are."""
        return tuple(path for path in (self.source, self.target, self.links) if path is not None)


class _End:
    """Stands where a side has no more sentences."""


_END: Final = _End()


def stream_pairs(
    files: CorpusFiles,
    source: str,
    target: str,
    *,
    numbered: bool = False,
    skip_bad: BadLines | None = None,
    size: int = PIECE_BYTES,
) -> Iterator[SentencePair]:
    """Read pairs in file order.

    As where the corpus is read whole, pairs bear the names of their sentences if every sentence of
    each side has a name that no other one there has, and else the numbers of their places. So no
    two pairs share a name. The names are compared on disk; where one that is missing or comes again
    shows only after some pairs, they have to be read anew, numbered. Target entities are kept, and
    are not taken for gold: whether a file has any shows at its end.

    Args:
        files: what to read.
        source: language of the source side, BCP-47.
        target: language of the target side.
        numbered: number the pairs whatever their sentences are called.
        skip_bad: takes malformed sentences, each with its pair, instead of stopping at the first.
        size: bytes of a file that are read at once.

    Raises:
        DataError: a file cannot be read or holds a malformed sentence, or the sides have not the
            same number of sentences (code not-parallel).
        NotInStep: the corpus has to be read whole.
        NotNamed: it has to be read `numbered`.
        StoreError: there is no room for the names.
    """
    sides = (
        _side(files.source, source, skip_bad, size),
        _side(files.target, target, skip_bad, size),
        _links(files.links, skip_bad, size),
    )
    with own_names() as names:
        for place, row in enumerate(zip_longest(*sides, fillvalue=_END)):
            if not numbered and not names.take(row[:2]):
                if place:
                    raise NotNamed
                numbered = True
            if not numbered and names.crosses(row[:2]):
                raise NotInStep
            pair = _pair(row, place, files, (source, target), numbered=numbered)
            if files.links is not None:
                pair = _linked(pair, row, place, files.links, skip_bad)
            if pair is not None:
                yield pair


def _side(
    path: Path | None, language: str, skip_bad: BadLines | None, size: int
) -> Iterator[Sentence | None]:
    """Read one side; None stands in the place of a sentence that was set aside."""
    if path is None:
        return
    with TemporaryDirectory(prefix="spanbridge-") as folder:
        form, blank = _format(path, Path(folder))
        before = 0
        for piece in pieces_of(path, blank=blank, size=size):
            part = Path(folder, path.name)
            part.write_bytes(piece.content)
            bad = None if skip_bad is None else BadLines()
            try:
                found = sentences_in_place(form, part, language, skip_bad=bad)
            except DataError as error:
                raise _moved_error(error, path, piece.lines_before) from error
            if skip_bad is not None and bad is not None:
                skip_bad.sentences += [
                    _moved_bad(one, path, piece.lines_before, before) for one in bad.sentences
                ]
            for sentence in found:
                yield _moved(sentence, piece.lines_before)
            before += len(found)


def _format(path: Path, folder: Path) -> tuple[Format, bool]:
    """Guess the format from the head of a file, and whether sentences end at blank lines.

    Raises:
        NotInStep: the format has no lines.
    """
    try:
        (folder / path.name).write_bytes(head_of(path))
        guess = guess_format(folder / path.name)
    except DataError as error:
        if error.path != str(path):
            raise NotInStep from error  # told again, and better, by whoever reads the whole file
        raise
    form = FORMATS.create(guess.name, guess.parameters)
    if form.binary or not isinstance(form, LineFormat):
        raise NotInStep
    blank = form.lines(sentence_from_words(["word"], "en"))[-1] == ""
    if isinstance(form, GuessingFormat):
        form = form.settled(lines_of(path, folder, blank=blank))
    return form, blank


def _moved(sentence: Sentence | None, lines: int) -> Sentence | None:
    if sentence is None or sentence.line is None or not lines:
        return sentence
    return replace(sentence, line=sentence.line + lines)


def _moved_error(error: DataError, path: Path, lines: int) -> DataError:
    line = None if error.line is None else error.line + lines
    return DataError(error.reason, code=error.code, path=str(path), line=line, hint=error.hint)


def _moved_bad(bad: BadSentence, path: Path, lines: int, sentences: int) -> BadSentence:
    place = None if bad.lines is None else (bad.lines[0] + lines, bad.lines[1] + lines)
    return replace(
        bad,
        path=str(path),
        line=None if bad.line is None else bad.line + lines,
        position=bad.position + sentences,
        lines=place,
    )


def _links(path: Path | None, skip_bad: BadLines | None, size: int) -> Iterator[_Links | None]:
    if path is None:
        return
    with TemporaryDirectory(prefix="spanbridge-") as folder:
        for line in lines_of(path, Path(folder), blank=False, size=size):
            try:
                yield links_of_line(line)
            except DataError as error:
                if skip_bad is None:
                    raise
                skip_bad.add(line.number - 1, error)
                yield None


def _pair(
    row: tuple[object, ...],
    place: int,
    files: CorpusFiles,
    languages: tuple[str, str],
    *,
    numbered: bool,
) -> SentencePair | None:
    """Join what stands in one place; None where one of the sides was set aside, or is empty.

    Raises:
        DataError: only one side has a sentence here.
        NotInStep: the sentences have names of their own, and not the same.
    """
    first, second = row[0], row[1]
    number = str(place + 1) if numbered else ""
    if files.source is None or files.target is None:
        return _alone(first if files.target is None else second, number, files, languages)
    if first is _END or second is _END:
        _require_empty(first, place, files.source)
        _require_empty(second, place, files.target)
        return None
    if not isinstance(first, Sentence) or not isinstance(second, Sentence):
        return None
    if not numbered and first.id != second.id:
        raise NotInStep
    return SentencePair(first, second, number or first.id, has_gold=False)


def _alone(
    found: object, number: str, files: CorpusFiles, languages: tuple[str, str]
) -> SentencePair | None:
    """Make a pair whose other side is still to be made; without a number it has its own name."""
    if not isinstance(found, Sentence):
        return None
    language = languages[files.target is None]
    other = Sentence((), language, "", (), id=found.id, line=found.line)
    name = number or found.id
    if files.target is None:
        return SentencePair(found, other, name, has_gold=False)
    return SentencePair(other, found, name, has_gold=False, source_labelled=False)


def _require_empty(found: object, place: int, path: Path) -> None:
    """Check that nothing stands where the other side has ended.

    Raises:
        DataError: a sentence does (code not-parallel).
    """
    if found is _END or (isinstance(found, Sentence) and not (found.words or found.id)):
        return  # editors leave empty lines at the end of a file
    raise DataError(
        "the two sides must have the same number of sentences; the first without a partner is "
        f"sentence {place + 1}",
        code="not-parallel",
        path=str(path),
        line=found.line if isinstance(found, Sentence) else None,
    )


def _linked(
    pair: SentencePair | None,
    row: tuple[object, ...],
    place: int,
    path: Path,
    skip_bad: BadLines | None,
) -> SentencePair | None:
    """Give a pair its links; None where there is no pair, or where it is set aside.

    Raises:
        DataError: there are fewer lines of links than pairs, or more (code not-parallel), or links
            lie outside the sentences (bad-line, without `skip_bad`).
    """
    links = row[2]
    missing = pair is not None and links is _END
    too_many = _END in row[:2] and isinstance(links, tuple) and bool(links)
    if missing or too_many:
        raise DataError(
            "there must be one line of links for each sentence pair, got "
            f"{'none' if missing else 'one too many'} at pair {place + 1}",
            code="not-parallel",
            path=str(path),
            line=None if missing else place + 1,
        )
    if pair is None or not isinstance(links, tuple):
        return None
    named = {LINKS_NAME: links}
    paths = {LINKS_NAME: path}
    found = links_inside(named, paths, pair.source, pair.target, place=place, skip_bad=skip_bad)
    return None if found is None else replace(pair, links=found)
