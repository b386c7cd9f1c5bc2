"""Files are cut between sentences, and nothing of them is lost at the cuts."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.chunks.pieces import head_of, pieces_of
from core.errors import DataError

ROWS = b"a O\nb O\n\nc O\n \t\r\n\nd O"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(ROWS)
    return path


@pytest.mark.parametrize("blank", [True, False])
@pytest.mark.parametrize("size", [1, 6, 9, 1000])
def test_the_pieces_make_up_the_file_and_count_its_lines(
    path: Path, size: int, blank: bool
) -> None:
    pieces = list(pieces_of(path, blank=blank, size=size))
    assert b"".join(piece.content for piece in pieces) == ROWS
    lines = ROWS.splitlines(keepends=True)
    for piece in pieces:
        assert b"".join(lines[piece.lines_before :]).startswith(piece.content)
        assert b"".join(lines[: piece.lines_before]) + piece.content in ROWS


def test_sentences_of_several_lines_end_at_blank_ones_only(path: Path) -> None:
    found = [piece.content for piece in pieces_of(path, blank=True, size=1)]
    assert found == [b"a O\nb O\n\n", b"c O\n \t\r\n", b"\n", b"d O"]
    assert len(list(pieces_of(path, blank=False, size=1))) == ROWS.count(b"\n") + 1


def test_a_piece_ends_only_once_it_is_long_enough(path: Path) -> None:
    found = [len(piece.content) for piece in pieces_of(path, blank=True, size=10)]
    assert found == [len(b"a O\nb O\n\nc O\n \t\r\n"), len(b"\nd O")]


def test_an_empty_file_is_one_piece(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"")
    assert [(p.content, p.lines_before) for p in pieces_of(path, blank=True)] == [(b"", 0)]
    assert head_of(path) == b""


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_what_looks_like_a_mark_in_the_middle_is_not_taken_for_one(
    tmp_path: Path, mark: bytes
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a\n" + mark + b"b\n")
    found = [piece.content for piece in pieces_of(path, blank=False, size=1)]
    assert found == [b"a\n", b"\xef\xbb\xbf" + mark + b"b\n"]  # readers drop the first one


def test_the_mark_at_the_start_of_a_file_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\xef\xbb\xbfa\n")
    assert next(pieces_of(path, blank=False)).content == b"\xef\xbb\xbfa\n"


def test_the_head_ends_with_a_whole_sentence(path: Path) -> None:
    assert head_of(path, 12) == b"a O\nb O\n\n"
    assert head_of(path, 1000) == ROWS
    assert head_of(path, 5) == b"a O\nb O\n"  # no sentence ends there: all that was read


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for read in (head_of, lambda path: list(pieces_of(path, blank=True))):
        with pytest.raises(DataError) as caught:
            read(tmp_path / "none")
        assert (caught.value.code, caught.value.path) == ("file-not-found", str(tmp_path / "none"))
