"""Word links as text: Pharaoh lines, and the numbered reference format of alignment error rate.

A Pharaoh line holds the links of one sentence pair, `0-0 1-2`, source word before target word. A
possible link of a gold alignment is written `0?1` or `0p1`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from core.errors import DataError
from core.text.files import Line, read_lines
from core.types import Alignment, Link

_LINK = re.compile(r"([0-9]{1,9})([-?p])([0-9]{1,9})")
_REFERENCE = re.compile(r"([0-9]{1,9})\s+([0-9]{1,9})\s+([0-9]{1,9})(?:\s+([SP]))?\s*")


def parse_links(line: str, *, one_based: bool = False) -> tuple[Link, ...]:
    """Read one line of links.

    >>> parse_links("0-0 2p1")
    (Link(source=0, target=0, sure=True), Link(source=2, target=1, sure=False))

    Args:
        line: links separated by white space; none is a sentence pair without links.
        one_based: whether the file counts words from 1.

    Returns:
        Links counted from 0, sorted and distinct; one given both ways is sure.

    Raises:
        DataError: a malformed link, or word 0 where words count from 1 (code bad-line).
    """
    links = []
    for item in line.split():
        match = _LINK.fullmatch(item)
        if match is None:
            raise DataError(
                f"a link must be SOURCE-TARGET, or SOURCE?TARGET where only possible, got {item!r}",
                code="bad-line",
            )
        links.append(_link(match[1], match[3], sure=match[2] == "-", one_based=one_based))
    return _distinct(links)


def _link(source: str, target: str, *, sure: bool, one_based: bool) -> Link:
    first = int(one_based)
    if int(source) < first or int(target) < first:
        raise DataError(
            f"words must count from 1 in this file, got link {source}-{target}",
            code="bad-line",
            hint="read it as counting from 0",
        )
    return Link(int(source) - first, int(target) - first, sure)


def _distinct(links: Iterable[Link]) -> tuple[Link, ...]:
    # Possible before sure, so that the sure reading of a doubled link stays.
    by_words = {(link.source, link.target): link for link in sorted(links, key=lambda x: x.sure)}
    return tuple(sorted(by_words.values()))


def read_links(path: Path, *, one_based: bool = False) -> list[tuple[Link, ...]]:
    """Read a file of links, one sentence pair a line.

    Raises:
        DataError: the file cannot be read, or a malformed line; names file and line.
    """
    return [links_of_line(line, one_based=one_based) for line in read_lines(path)]


def links_of_line(line: Line, *, one_based: bool = False) -> tuple[Link, ...]:
    """Read the links on one line of a file.

    Raises:
        DataError: not UTF-8, or malformed links; names file and line.
    """
    line.require_utf8()
    try:
        return parse_links(line.text, one_based=one_based)
    except DataError as error:
        raise line.error(error.reason, code=error.code, hint=error.hint) from error


def format_links(alignment: Alignment) -> str:
    """Write the links of one sentence pair; `parse_links` reads them back."""
    return " ".join(
        f"{link.source}{'-' if link.sure else 'p'}{link.target}" for link in alignment.links
    )


def read_reference_links(
    path: Path, sentences: int, *, one_based: bool = False
) -> list[tuple[Link, ...]]:
    """Read a reference alignment: `SENTENCE SOURCE TARGET S|P` a line, sentences counted from 1.

    Args:
        path: file to read.
        sentences: how many sentence pairs the corpus has; those not named have no links.
        one_based: whether the file counts words from 1.

    Returns:
        The links of every sentence pair, in corpus order.

    Raises:
        DataError: the file cannot be read, a malformed line, or a sentence number out of range;
            names file and line.
    """
    links: list[list[Link]] = [[] for _ in range(sentences)]
    for line in read_lines(path):
        if line.is_blank:
            continue
        line.require_utf8()
        match = _REFERENCE.fullmatch(line.text)
        if match is None:
            raise line.error(f"a line must be SENTENCE SOURCE TARGET S or P, got {line.text!r}")
        number = int(match[1])
        if not 1 <= number <= sentences:
            raise line.error(f"a sentence number must be 1 to {sentences}, got {number}")
        try:
            link = _link(match[2], match[3], sure=match[4] != "P", one_based=one_based)
        except DataError as error:
            raise line.error(error.reason, hint=error.hint) from error
        links[number - 1].append(link)
    return [_distinct(sentence) for sentence in links]
