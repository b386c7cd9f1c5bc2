"""CoNLL files: rows cut by hand, chunks decoded by nervaluate as an evaluation would."""

from __future__ import annotations

from collections.abc import Iterator

from core.exchange.checks import Reread, Seen, SeenSpan, WrittenFile, versioned

# Separator, column of the word, column of the tag.
_LAYOUT = {
    "conll": ("\t", 0, 1),
    "conll2002": (" ", 0, 1),
    "conll2003": (" ", 0, 3),
    "uner": ("\t", 1, 2),
}
# BIOES says with other letters what IOB2 says.
_AS_IOB = {"S": "B", "U": "B", "E": "I", "L": "I"}


def reread(file: WrittenFile) -> Reread:
    """Read words and chunks."""
    from nervaluate.utils import list_to_spans

    separator, word_column, tag_column = _LAYOUT[file.name]
    words: list[tuple[str, ...]] = []
    tags: list[list[str]] = []
    for rows in _blocks(file.content.decode().removeprefix("\ufeff"), separator):
        cells = [row.split(separator) for row in rows]
        words.append(tuple(row[word_column] for row in cells))
        tags.append([_iob(row[tag_column]) for row in cells])
    seen = tuple(
        Seen(
            tuple(
                SeenSpan(
                    chunk["start"],
                    chunk["end"] + 1,  # nervaluate counts the last word in
                    chunk["label"],
                    " ".join(sentence[chunk["start"] : chunk["end"] + 1]),
                )
                for chunk in chunks
            ),
            words=sentence,
        )
        for sentence, chunks in zip(words, list_to_spans(tags), strict=True)
    )
    return Reread(seen, "words", versioned("nervaluate"))


def _iob(tag: str) -> str:
    return _AS_IOB.get(tag[:1], tag[:1]) + tag[1:]


def _blocks(text: str, separator: str) -> Iterator[list[str]]:
    """Take the rows of each sentence; a block of comments alone is an empty sentence."""
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if line]
        rows = [line for line in lines if not _is_comment(line, separator)]
        if lines and not (rows and rows[0].startswith("-DOCSTART-")):
            yield rows


def _is_comment(line: str, separator: str) -> bool:
    return separator == "\t" and line.startswith("# ")
