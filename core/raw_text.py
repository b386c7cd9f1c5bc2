"""Text of the target language alone → sentence pairs whose source is still to be made.

Running text becomes a sentence a line, or a paragraph a line that is cut into sentences. Annotated
files go through `core.corpora`; their entities are kept aside as gold, which no stage looks at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from core.corpora import FORMATS, BadLines, guess_format
from core.errors import DataError
from core.text.char_spans import sentence_from_text
from core.text.files import Line, read_lines
from core.text.languages import check_language
from core.text.paragraphs import split_sentences
from core.types import Sentence, SentencePair

SplitBy = Literal["lines", "sentences"]
TEXT_FORMAT = "text"
"""Running text, beside the names of `core.corpora.FORMATS`."""
MOST_MEGABYTES = 10
"""Larger texts are refused: a run holds every sentence with its whole trace in memory."""
MOST_WORDS = 2000
"""Longer sentences are refused: word similarity grows with the square of the length."""

_TYPED = "the text"


@dataclass(frozen=True, slots=True)
class RawText:
    """Sentence pairs to translate, label and project.

    Attributes:
        pairs: at least one, the source sides without words.
        form: how the text was read: `text`, or a format of `core.corpora` with its parameters.
    """

    pairs: tuple[SentencePair, ...]
    form: str

    @property
    def gold_entities(self) -> int:
        """Return how many entities were kept aside for evaluation."""
        return sum(len(pair.target.spans) for pair in self.pairs if pair.has_gold)

    def check_number(self, most: int) -> None:
        """Refuse a text that a page cannot show.

        Raises:
            DataError: there are more sentences (code bad-value).
        """
        if len(self.pairs) > most:
            raise DataError(
                f"there must be at most {most} sentences at once, got {len(self.pairs)}",
                code="bad-value",
                hint="project it in several parts, or with `python -m core pipeline --file`",
            )


def read_text(
    text: str, *, language: str, source_language: str, split_by: SplitBy = "lines"
) -> RawText:
    """Read running text as it was typed or pasted; brackets in it are text.

    Args:
        text: sentences, one a line, or paragraphs.
        language: BCP-47 code of the text.
        source_language: the language it will be translated into.
        split_by: whether a line is a sentence or a paragraph of several.

    Returns:
        Pairs named by line number, `3`, or by line and place in it, `3.2`. Blank lines are passed
        over.

    Raises:
        ConfigError: a malformed language code (code unknown-language).
        DataError: no words (empty-corpus), not valid Unicode (not-utf8), or too long (bad-value).
    """
    _check_languages(language, source_language)
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise DataError(
            f"{_TYPED} must be valid Unicode, got a broken character at place {error.start}",
            code="not-utf8",
        ) from error
    _check_size(size, _TYPED)
    lines = (
        Line(_TYPED, number, line.removesuffix("\r"))
        for number, line in enumerate(text.split("\n"), start=1)
    )
    return _raw(_sentences(lines, language, split_by), source_language, TEXT_FORMAT, path=None)


def read_file(
    path: Path,
    *,
    language: str,
    source_language: str,
    form: str = "",
    split_by: SplitBy = "lines",
    skip_bad: BadLines | None = None,
) -> RawText:
    """Read a file: running text, or sentences in a format of `core.corpora`.

    Args:
        path: the file.
        language: BCP-47 code of its text.
        source_language: the language it will be translated into.
        form: `text`, a format's name, or empty to guess.
        split_by: for running text, whether a line is a sentence or a paragraph of several.
        skip_bad: takes malformed sentences of annotated files instead of stopping at the first.

    Returns:
        Pairs named as the file names its sentences, else by line number. Entities of a file that
        has any are gold.

    Raises:
        ConfigError: an unknown format (code unknown-name) or malformed language code.
        DataError: the file cannot be read, is malformed, too large, or without words; names file
            and line.
    """
    _check_languages(language, source_language)
    lines = read_lines(path)
    _check_size(path.stat().st_size, str(path))
    choice = guess_format(path) if not form else None
    if form == TEXT_FORMAT or (choice is not None and choice.name == "plain"):
        sentences = _sentences(lines, language, split_by)
        return _raw(sentences, source_language, TEXT_FORMAT, path=path)
    name, parameters = (form, {}) if choice is None else (choice.name, choice.parameters)
    reader = FORMATS.create(name, parameters)
    found = reader.read(path, language, skip_bad=skip_bad)
    return _raw(found, source_language, str(choice or form), path=path)


def read_bytes(
    data: bytes,
    name: str,
    *,
    language: str,
    source_language: str,
    form: str = "",
    split_by: SplitBy = "lines",
) -> RawText:
    """Read an uploaded file; errors name it as its owner does.

    Args:
        data: its content.
        name: its name; only the ending is used.
        language: BCP-47 code of its text.
        source_language: the language it will be translated into.
        form: `text`, a format's name, or empty to guess.
        split_by: for running text, whether a line is a sentence or a paragraph of several.

    Raises:
        SpanbridgeError: as `read_file`.
    """
    with TemporaryDirectory(prefix="spanbridge-") as folder:
        path = Path(folder, "upload").with_suffix(Path(name).suffix)
        path.write_bytes(data)
        try:
            return read_file(
                path,
                language=language,
                source_language=source_language,
                form=form,
                split_by=split_by,
            )
        except DataError as error:
            raise DataError(
                error.reason.replace(path.name, name),
                code=error.code,
                path=name,
                line=error.line,
                hint=error.hint,
            ) from error


def _check_languages(*codes: str) -> None:
    for code in codes:
        check_language(code)


def _check_size(size: int, name: str) -> None:
    if size > MOST_MEGABYTES * 1_000_000:
        raise DataError(
            f"{name} must have at most {MOST_MEGABYTES} MB, got {size / 1_000_000:.1f} MB",
            code="bad-value",
            hint="project it in several parts",
        )


def _sentences(lines: Iterable[Line], language: str, split_by: SplitBy) -> Iterator[Sentence]:
    for line in lines:
        line.require_utf8()
        if line.is_blank:
            continue
        if split_by == "lines":
            texts = {str(line.number): line.text.strip()}
        else:
            parts = split_sentences(line.text, language)
            texts = {f"{line.number}.{place}": part for place, part in enumerate(parts, start=1)}
        for name, text in texts.items():
            yield sentence_from_text(text, language, sentence_id=name, line=line.number)


def _raw(
    sentences: Iterable[Sentence], source_language: str, form: str, *, path: Path | None
) -> RawText:
    """Make the pairs; sentences without words are left out."""
    place = None if path is None else str(path)
    kept = [sentence for sentence in sentences if sentence.words]
    if not kept:
        raise DataError(
            "there must be at least one sentence with words, got none",
            code="empty-corpus",
            path=place,
        )
    for sentence in kept:
        if len(sentence.words) > MOST_WORDS:
            raise DataError(
                f"a sentence must have at most {MOST_WORDS} words, got {len(sentence.words)}",
                code="bad-value",
                path=place or _TYPED,
                line=sentence.line,
                hint="cut the text into sentences, one a line",
            )
    names = _names(kept)
    has_gold = any(sentence.spans for sentence in kept)
    return RawText(
        tuple(
            SentencePair(
                Sentence((), source_language, "", (), id=name, line=sentence.line),
                sentence,
                name,
                has_gold=has_gold,
                source_labelled=False,
            )
            for name, sentence in zip(names, kept, strict=True)
        ),
        form,
    )


def _names(sentences: list[Sentence]) -> list[str]:
    """Name sentences as the file does where all names differ, else by line, else by place."""
    own = [sentence.id for sentence in sentences]
    lines = [str(sentence.line) for sentence in sentences]
    places = [str(place) for place in range(1, len(sentences) + 1)]
    for names in (own, lines):
        if len(set(names)) == len(names) and "" not in names and "None" not in names:
            return names
    return places
