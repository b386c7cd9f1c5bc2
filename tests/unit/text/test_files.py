"""Reading lines with exact places, and writing atomically."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import DataError
from core.text.files import read_lines, write_lines


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"a", ["a"]),
        (b"a\n", ["a"]),
        (b"a\n\n", ["a", ""]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"a\rb\n", ["a\rb"]),
        ("a\u2028b\x85c\x0bd\n".encode(), ["a\u2028b\x85c\x0bd"]),
        (b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n", ["a", "\ufeffb"]),
    ],
    ids=["empty", "blank", "open", "ended", "two", "crlf", "cr", "separators", "marks"],
)
def test_lines_end_at_line_feeds_only(content: bytes, expected: list[str], path: Path) -> None:
    path.write_bytes(content)
    lines = read_lines(path)
    assert [line.text for line in lines] == expected
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


def test_a_line_that_is_not_utf8_is_marked(path: Path) -> None:
    path.write_bytes("gut\nschön\n".encode("latin-1"))
    first, second = read_lines(path)
    first.require_utf8()
    with pytest.raises(DataError, match="got 'sch\ufffdn'") as caught:
        second.require_utf8()
    assert (caught.value.code, caught.value.line) == ("not-utf8", 2)
    assert caught.value.hint == "save the file as UTF-8"


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="must exist and be readable") as caught:
        read_lines(tmp_path)
    assert caught.value.code == "file-not-found"


@pytest.mark.parametrize("text", ["a", "\ufeffa", "\ufeff\ufeffa", ""], ids=ascii)
def test_the_first_line_comes_back(text: str, path: Path) -> None:
    write_lines(path, [text, "b"])
    assert [line.text for line in read_lines(path)] == [text, "b"]


def test_a_file_is_replaced_whole_or_not_at_all(path: Path) -> None:
    def failing() -> Iterator[str]:
        yield "new"
        raise KeyboardInterrupt

    path.write_text("old\n")
    with pytest.raises(KeyboardInterrupt):
        write_lines(path, failing())
    assert path.read_text() == "old\n"
    assert os.listdir(path.parent) == ["file"]


def test_a_link_stays_a_link(path: Path) -> None:
    real = path.with_name("real")
    real.write_text("old\n")
    path.symlink_to(real)
    write_lines(path, ["new"])
    assert path.is_symlink()
    assert real.read_text() == "new\n"


def test_a_missing_folder_is_named(path: Path) -> None:
    with pytest.raises(DataError) as caught:
        write_lines(path / "deeper", ["a"])
    assert (caught.value.code, caught.value.path) == ("file-not-writable", str(path / "deeper"))
