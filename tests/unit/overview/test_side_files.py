"""Two uploaded files become pairs, and what cannot be read is named as its owner names it."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest

from core.errors import DataError
from core.exchange import MAX_FILE_BYTES, PairPreview
from core.overview.side_files import SideFile, preview_sides
from core.types import Link

SOURCE = b"Ada B-PER\nlives O\n\nRome B-LOC\n"
TARGET = b"Ada lebt\nRom\n"


def preview(
    source: bytes,
    target: bytes,
    links: bytes | None = None,
    *,
    name: str = "mine.conll",
    one_based: bool = False,
) -> PairPreview:
    return preview_sides(
        SideFile(name, source),
        SideFile("../deins.txt", target),
        None if links is None else SideFile("links.pharaoh", links),
        source_language="en",
        target_language="de",
        one_based=one_based,
    )


def test_both_sides_and_links_come_together() -> None:
    found = preview(SOURCE, TARGET, b"0-0 1-1\n0-0\n")
    assert [pair.target.text for pair in found.pairs] == ["Ada lebt", "Rom"]
    assert found.pairs[0].source_labelled
    assert found.pairs[0].links["file"] == (Link(0, 0), Link(1, 1))
    assert found.links == 3
    assert not found.bad
    assert found.set_aside_bytes == b""


def test_links_may_count_from_one() -> None:
    found = preview(SOURCE, TARGET, b"1-1\n1-1\n", one_based=True)
    assert found.pairs[0].links["file"] == (Link(0, 0),)


def test_a_source_without_entities_is_still_to_be_labelled() -> None:
    found = preview(b"Ada lives\nRome\n", TARGET, name="mine.txt")
    assert [pair.source_labelled for pair in found.pairs] == [False, False]


def test_a_bad_sentence_costs_its_pair_alone_and_is_kept_as_it_stands() -> None:
    found = preview(b"Ada B-PER\nlives O\n\nRome X-LOC\n", TARGET)
    assert len(found.pairs) == 1
    assert [(one.path, one.line) for one in found.bad] == [("mine.conll", 4)]
    with ZipFile(io.BytesIO(found.set_aside_bytes)) as archive:
        assert archive.namelist() == ["source.conll"]
        assert archive.read("source.conll") == b"Rome X-LOC\n\n"


def test_sides_of_different_length_are_told_with_their_own_names() -> None:
    with pytest.raises(DataError, match="same number of sentences") as caught:
        preview(SOURCE, b"Ada lebt\nRom\nHallo\n")
    assert caught.value.path == "../deins.txt"
    assert caught.value.code == "not-parallel"


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(DataError, match="must be at most") as caught:
        preview(SOURCE, bytes(MAX_FILE_BYTES + 1))
    assert caught.value.code == "too-large"
