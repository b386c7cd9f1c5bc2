"""Word links as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import DataError
from core.text.pharaoh import format_links, parse_links, read_links, read_reference_links
from core.types import Alignment, Link


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ()),
        ("  \t ", ()),
        ("1-2 0-0", (Link(0, 0), Link(1, 2))),
        ("0-0 0-0", (Link(0, 0),)),
        ("0?1 2p3", (Link(0, 1, sure=False), Link(2, 3, sure=False))),
        ("0p0 0-0", (Link(0, 0),)),
        ("0-0 0?0", (Link(0, 0),)),
        ("10-2 9-2", (Link(9, 2), Link(10, 2))),
        ("007-01", (Link(7, 1),)),
    ],
    ids=str,
)
def test_a_line_of_links_is_read(line: str, expected: tuple[Link, ...]) -> None:
    assert parse_links(line) == expected


def test_words_may_count_from_one() -> None:
    assert parse_links("1-1 2p3", one_based=True) == (Link(0, 0), Link(1, 2, sure=False))


@pytest.mark.parametrize(
    "line",
    ["0", "0-", "-1", "0--1", "0-0-0", "a-b", "0:0", "0-0,1-1", "٣-٣", "0 - 0", "1.0-1", "0P1"],
)
def test_what_is_no_link_is_refused(line: str) -> None:
    with pytest.raises(DataError, match="a link must be") as caught:
        parse_links(line)
    assert caught.value.code == "bad-line"


def test_a_number_beyond_all_sentences_is_refused() -> None:
    with pytest.raises(DataError, match="a link must be"):
        parse_links("9" * 5000 + "-0")


@pytest.mark.parametrize("line", ["0-1", "1-0", "1-1 0p1"])
def test_there_is_no_word_zero_counting_from_one(line: str) -> None:
    with pytest.raises(DataError, match="count from 1"):
        parse_links(line, one_based=True)


def test_links_are_written() -> None:
    links = (Link(0, 0), Link(1, 2, sure=False))
    assert format_links(Alignment(links)) == "0-0 1p2"
    assert format_links(Alignment(())) == ""


def test_a_file_has_one_pair_a_line(tmp_path: Path) -> None:
    path = tmp_path / "links"
    path.write_bytes(b"\xef\xbb\xbf0-0\r\n\r\n1-1")
    assert read_links(path) == [(Link(0, 0),), (), (Link(1, 1),)]


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [(b"0-0\n\nx\n", 3, "bad-line"), (b"0-0\n0-\xff\n", 2, "not-utf8")],
    ids=["malformed", "not-utf8"],
)
def test_a_malformed_line_is_named(content: bytes, line: int, code: str, tmp_path: Path) -> None:
    path = tmp_path / "links"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_links(path)
    found = caught.value
    assert (found.path, found.line, found.code) == (str(path), line, code)


def test_a_reference_is_numbered(tmp_path: Path) -> None:
    path = tmp_path / "reference"
    path.write_text("3 1 0 S \n1 0 0 S\n\n0001 2 1 P\n3 0 0\n")
    assert read_reference_links(path, 4) == [
        (Link(0, 0), Link(2, 1, sure=False)),
        (),
        (Link(0, 0), Link(1, 0)),
        (),
    ]
    path.write_text("1 1 1 S\n")
    assert read_reference_links(path, 1, one_based=True) == [(Link(0, 0),)]


@pytest.mark.parametrize(
    ("content", "line", "rule"),
    [
        ("1 0 0 S\n3 0 0 S\n", 2, "must be 1 to 2, got 3"),
        ("0 0 0 S\n", 1, "must be 1 to 2, got 0"),
        ("1 0 0 X\n", 1, "SENTENCE SOURCE TARGET"),
        ("1 0\n", 1, "SENTENCE SOURCE TARGET"),
        ("1 -1 0 S\n", 1, "SENTENCE SOURCE TARGET"),
    ],
    ids=["beyond", "zero", "kind", "short", "negative"],
)
def test_a_malformed_reference_is_named(content: str, line: int, rule: str, tmp_path: Path) -> None:
    path = tmp_path / "reference"
    path.write_text(content)
    with pytest.raises(DataError, match=rule) as caught:
        read_reference_links(path, 2)
    assert (caught.value.path, caught.value.line) == (str(path), line)


def test_a_reference_counting_from_one_has_no_word_zero(tmp_path: Path) -> None:
    path = tmp_path / "reference"
    path.write_text("1 0 1 S\n")
    with pytest.raises(DataError, match="count from 1") as caught:
        read_reference_links(path, 1, one_based=True)
    assert caught.value.line == 1
