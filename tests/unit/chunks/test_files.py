"""Chunks on the disk: whole, in order, and told of where the disk refuses."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.chunks.files import Chunk, ChunkFiles, pairs_of, replace_file
from core.errors import StoreError
from core.packing import pack
from core.types import SentencePair
from tests.builders import pair, sentence


def _pairs(count: int) -> list[SentencePair]:
    source = sentence("Ada saw Rome", "en", (0, 1, "PER"), (2, 3, "LOC"))
    target = sentence("Ada sah 👩‍👩‍👧 القاهرة", "de")
    return [pair(source, target, "0-0 1-1", str(place)) for place in range(count)]


@pytest.fixture
def chunks(tmp_path: Path) -> ChunkFiles:
    return ChunkFiles(tmp_path / "chunks")


@pytest.mark.parametrize(("count", "counts"), [(0, []), (2, [2]), (3, [2, 1]), (4, [2, 2])])
def test_every_pair_is_in_one_chunk_in_order(
    chunks: ChunkFiles, count: int, counts: list[int]
) -> None:
    assert chunks.write(iter(_pairs(count)), 2) == counts
    found = [one for number in range(len(counts)) for one in pairs_of(chunks.packed(number))]
    assert found == _pairs(count)
    assert chunks.hold(len(counts))
    assert not chunks.hold(len(counts) + 1)


def test_no_more_than_a_chunk_is_taken_before_it_is_written(chunks: ChunkFiles) -> None:
    def counted() -> Iterator[SentencePair]:
        for place, one in enumerate(_pairs(5)):
            assert chunks.hold(place // 2)
            yield one

    assert chunks.write(counted(), 2) == [2, 2, 1]


def test_chunks_of_a_longer_corpus_go_away(chunks: ChunkFiles) -> None:
    chunks.write(_pairs(6), 2)
    (chunks.folder / "notes.pairs").write_text("mine")
    chunks.write(_pairs(3), 2)
    left = sorted(path.name for path in chunks.folder.iterdir())
    assert left == ["000000.pairs", "000001.pairs", "notes.pairs"]


def test_the_same_pairs_are_the_same_bytes(chunks: ChunkFiles) -> None:
    chunks.write(_pairs(2), 2)
    before = chunks.packed(0)
    chunks.write(_pairs(2), 2)
    assert chunks.packed(0) == before == pack(Chunk(tuple(_pairs(2))))


@pytest.mark.parametrize("content", [b"", b"no chunk", pack(Chunk(tuple(_pairs(1))))[:-3]])
def test_what_is_no_chunk_is_said_to_be_damaged(content: bytes) -> None:
    with pytest.raises(StoreError) as caught:
        pairs_of(content)
    assert caught.value.code == "store-damaged"


def test_a_chunk_that_is_not_there_is_named(chunks: ChunkFiles) -> None:
    with pytest.raises(StoreError, match=r"000007\.pairs") as caught:
        chunks.packed(7)
    assert caught.value.code == "store-unreachable"
    assert "every machine" in caught.value.hint


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "store-full"),
        (errno.EROFS, "store-read-only"),
        (errno.EACCES, "store-read-only"),
        (errno.EIO, "store-unreachable"),
    ],
)
def test_a_refusal_leaves_the_old_file_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    path = tmp_path / "file"
    replace_file(path, b"old")

    def refuse(*_: object) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr("core.jobs._whole.os.replace", refuse)
    with pytest.raises(StoreError, match="the output folder must be usable, got: refused") as found:
        replace_file(path, b"new")
    assert found.value.code == code
    assert found.value.hint
    assert "SPANBRIDGE_RUNS" not in found.value.hint
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
