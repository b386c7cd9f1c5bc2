"""Parallel text as other programs read it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.exchange.checks import versioned

_SEPARATORS = {"comma": ",", "tab": "\t", "semicolon": ";"}
Links = frozenset[tuple[int, int, bool]]


@dataclass(frozen=True, slots=True)
class SeenPair:
    """A pair as another program sees it.

    Attributes:
        source: text of the source side.
        target: text of the target side.
        links: word links, where the format has any.
    """

    source: str
    target: str
    links: Links | None = None


@dataclass(frozen=True, slots=True)
class RereadPairs:
    """A file of parallel text as another program sees it.

    Attributes:
        pairs: in file order.
        words: whether the texts are words parted by spaces.
        checked_with: what read the file, with its version.
    """

    pairs: tuple[SeenPair, ...]
    words: bool
    checked_with: str


def reread_pairs(
    name: str, content: bytes, *, parameters: Mapping[str, Any] | None = None
) -> RereadPairs:
    """Read a file as other programs do: lxml, pandas, and plain lines."""
    if name == "tmx":
        return _tmx(content)
    if name == "csv":
        return _csv(content, str((parameters or {}).get("separator", "comma")))
    return _pharaoh(content)


def _tmx(content: bytes) -> RereadPairs:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(content, parser)
    pairs = tuple(
        SeenPair("".join(unit[0].itertext()), "".join(unit[1].itertext()))
        for unit in root.iterfind("body/tu")
    )
    return RereadPairs(pairs, words=False, checked_with=versioned("lxml"))


def _csv(content: bytes, separator: str) -> RereadPairs:
    """Read cells as they stand: an apostrophe before a formula is seen, and so it is listed.

    The table is read by pandas where no cell holds a line end that its fast parser changes.
    """
    import pandas as pd

    table = pd.read_csv(
        io.BytesIO(content),
        sep=_SEPARATORS[separator],
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        quoting=csv.QUOTE_ALL,
        engine="python",
    )
    pairs = tuple(
        SeenPair(str(source), str(target))
        for source, target in zip(table["source"], table["target"], strict=True)
    )
    return RereadPairs(pairs, words=False, checked_with=versioned("pandas"))


def _pharaoh(content: bytes) -> RereadPairs:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        files = {name: archive.read(name).decode().split("\n")[:-1] for name in names}
    links: list[Links | None] = [_links(line) for line in files.get("links.txt", [])]
    pairs = tuple(
        SeenPair(source, target, one)
        for source, target, one in zip(
            files["source.txt"],
            files["target.txt"],
            links or [None] * len(files["source.txt"]),
            strict=True,
        )
    )
    return RereadPairs(pairs, words=True, checked_with="plain lines, as word aligners read them")


def _links(line: str) -> Links:
    found = set()
    for item in line.split():
        mark = "-" if "-" in item else "p"
        source, target = item.split(mark)
        found.add((int(source), int(target), mark == "-"))
    return frozenset(found)
