"""A corpus is cut once, and again only where something that the chunks depend on has changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.chunks.cutting import CorpusChoice, Cut, cut_corpus
from core.chunks.files import ChunkFiles, pairs_of
from core.chunks.reading import CorpusFiles
from core.corpora import FORMATS, BadLines
from core.datasets import load_corpus
from core.errors import DataError
from core.types import SentencePair
from tests.builders import pair, sentence
from tests.whole_corpora import write_files


@pytest.fixture
def chunks(tmp_path: Path) -> ChunkFiles:
    return ChunkFiles(tmp_path / "work" / "chunks")


@pytest.fixture
def choice(tmp_path: Path) -> CorpusChoice:
    return CorpusChoice("en", "de", files=write_files(tmp_path / "corpus", 5))


def cut(choice: CorpusChoice, chunks: ChunkFiles, size: int = 2) -> Cut:
    return cut_corpus(choice, chunks, size, skipped=chunks.folder.parents[1] / "skipped.jsonl")


def pairs(chunks: ChunkFiles, found: Cut) -> list[SentencePair]:
    numbers = range(len(found.counts))
    return [one for number in numbers for one in pairs_of(chunks.packed(number))]


def times(chunks: ChunkFiles) -> list[int]:
    return [path.stat().st_mtime_ns for path in sorted(chunks.folder.iterdir())]


def test_the_same_files_are_cut_once(choice: CorpusChoice, chunks: ChunkFiles) -> None:
    first = cut(choice, chunks)
    assert first == Cut((2, 2, 1), 0)
    before = times(chunks)
    assert cut(choice, chunks) == first
    assert times(chunks) == before


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({"limit": 3}, (2, 1)),
        ({"target": "nl"}, (2, 2, 1)),
        ({"source": "fr"}, (2, 2, 1)),
        ({"skip_bad": True}, (2, 2, 1)),
    ],
)
def test_another_choice_is_cut_anew(
    choice: CorpusChoice, chunks: ChunkFiles, change: dict[str, Any], counts: tuple[int, ...]
) -> None:
    cut(choice, chunks)
    before = times(chunks)
    found = cut(replace(choice, **change), chunks)
    assert found.counts == counts
    assert not set(times(chunks)) & set(before)


def test_another_size_is_cut_anew(choice: CorpusChoice, chunks: ChunkFiles) -> None:
    cut(choice, chunks)
    assert cut(choice, chunks, size=4).counts == (4, 1)
    assert len(times(chunks)) == 2


def test_a_file_that_has_changed_is_cut_anew(
    choice: CorpusChoice, chunks: ChunkFiles, tmp_path: Path
) -> None:
    cut(choice, chunks)
    write_files(tmp_path / "corpus", 6)
    assert cut(choice, chunks).counts == (2, 2, 2)


def test_the_same_file_on_the_other_side_is_another_corpus(
    choice: CorpusChoice, chunks: ChunkFiles, tmp_path: Path
) -> None:
    path = tmp_path / "corpus" / "en.conll"
    cut(replace(choice, files=CorpusFiles(path, None)), chunks)
    found = cut(replace(choice, files=CorpusFiles(None, path)), chunks)
    assert not any(one.source.words for one in pairs(chunks, found))


def test_chunks_that_are_gone_are_cut_anew(choice: CorpusChoice, chunks: ChunkFiles) -> None:
    found = cut(choice, chunks)
    chunks.path(1).unlink()
    assert cut(choice, chunks) == found
    assert len(pairs(chunks, found)) == 5


def test_a_cut_that_was_broken_off_does_not_count(
    choice: CorpusChoice, chunks: ChunkFiles, tmp_path: Path
) -> None:
    whole = pairs(chunks, cut(choice, chunks))
    links = tmp_path / "corpus" / "en-de.pharaoh"
    links.write_text("0-0\n" * 4)
    with pytest.raises(DataError, match="one line of links"):
        cut(choice, chunks)  # by then it has written two chunks
    write_files(tmp_path / "corpus", 5)
    assert pairs(chunks, cut(choice, chunks)) == whole


def test_a_named_corpus_is_read_each_time(
    chunks: ChunkFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = [pair(sentence("Ada"), sentence("Ada", "de"), "", f"demo:{n}") for n in range(4)]
    asked: list[object] = []

    def load(name: str, **choice: object) -> list[SentencePair]:
        asked.append((name, choice["source"], choice["target"], choice["split"]))
        return corpus

    monkeypatch.setattr("core.chunks.cutting.load_corpus", load)
    demo = CorpusChoice("en", None, name="demo", split="test", limit=3)
    assert cut(demo, chunks).counts == (2, 1)
    before = times(chunks)
    found = cut(demo, chunks)
    assert not set(times(chunks)) & set(before)
    assert pairs(chunks, found) == corpus[:3]
    assert asked == [("demo", "en", None, "test")] * 2


def test_names_in_another_order_join_the_sides_all_the_same(
    chunks: ChunkFiles, tmp_path: Path
) -> None:
    names = [f"s{place}" for place in range(5)]
    for language, order in (("en", names), ("de", [*names[:3], "s4", "s3"])):
        rows = [replace(sentence(f"word {name}", language), id=name) for name in order]
        FORMATS.create("jsonl").write(tmp_path / language, rows)
    with (tmp_path / "en").open("a") as file:
        file.write("{\n")
    choice = CorpusChoice("en", "de", files=CorpusFiles(tmp_path / "en", tmp_path / "de"))
    found = cut(replace(choice, skip_bad=True), chunks)
    assert [(one.id, one.source.words, one.target.words) for one in pairs(chunks, found)] == [
        (name, ("word", name), ("word", name)) for name in names
    ]
    assert (found.counts, found.skipped) == ((2, 2, 1), 1)


@pytest.mark.parametrize("names", [("a", "a", "a"), ("2", "", "c"), ("a", "b", "b")])
@pytest.mark.parametrize("fault", [False, True])
def test_pairs_bear_the_names_that_they_have_where_the_corpus_is_read_whole(
    chunks: ChunkFiles, tmp_path: Path, names: tuple[str, ...], fault: bool
) -> None:
    for language in ("en", "de"):
        listed = ("first", "second", *names)
        rows = [replace(sentence("Ada saw", language), id=name) for name in listed]
        FORMATS.create("jsonl").write(tmp_path / language, rows)
    if fault:  # it is met before it shows that the names will not do
        lines = (tmp_path / "en").read_text().splitlines(keepends=True)
        (tmp_path / "en").write_text("".join([lines[0], "{\n", *lines[2:]]))
    files = CorpusFiles(tmp_path / "en", tmp_path / "de")
    choice = CorpusChoice("en", "de", files=files, skip_bad=True)
    found = cut(choice, chunks, size=1)
    whole = load_corpus(
        None,
        source="en",
        target="de",
        source_file=files.source,
        target_file=files.target,
        skip_bad=BadLines(),
    )
    ids = [one.id for one in pairs(chunks, found)]
    assert ids == [one.id for one in whole]
    assert ids == (["1", "3", "4", "5"] if fault else ["1", "2", "3", "4", "5"])
    assert found.skipped == fault


def test_what_is_left_out_is_listed_with_its_place_and_reason(
    choice: CorpusChoice, chunks: ChunkFiles, tmp_path: Path
) -> None:
    links = tmp_path / "corpus" / "en-de.pharaoh"
    links.write_text("0-0\n1-1\n?\n0-0\n0-0\n")
    found = cut(replace(choice, skip_bad=True), chunks)
    assert (found.counts, found.skipped) == ((2, 2), 1)
    listed = [json.loads(line) for line in (tmp_path / "skipped.jsonl").read_text().splitlines()]
    (told,) = listed
    assert (told["path"], told["line"], told["code"]) == (str(links), 3, "bad-line")
    assert "a link must be" in told["reason"]
    links.write_text("0-0\n" * 5)
    assert cut(replace(choice, skip_bad=True), chunks).skipped == 0
    assert not (tmp_path / "skipped.jsonl").exists()


def test_a_corpus_without_a_pair_is_refused(chunks: ChunkFiles, tmp_path: Path) -> None:
    choice = CorpusChoice("en", "de", files=write_files(tmp_path / "corpus", 0))
    with pytest.raises(DataError) as caught:
        cut(choice, chunks)
    assert caught.value.code == "empty-corpus"


def test_a_file_that_is_not_there_is_named(
    choice: CorpusChoice, chunks: ChunkFiles, tmp_path: Path
) -> None:
    gone = CorpusFiles(tmp_path / "corpus" / "en.conll", tmp_path / "none")
    with pytest.raises(DataError) as caught:
        cut(replace(choice, files=gone), chunks)
    assert (caught.value.code, caught.value.path) == ("file-not-found", str(tmp_path / "none"))


def test_a_choice_says_what_it_is() -> None:
    named = CorpusChoice("en", None, name="europarl-ner", split="test", limit=9)
    assert str(named) == "europarl-ner/en-?/test/first 9"
    files = CorpusFiles(Path("/a"), Path("/b"), Path("/c"))
    assert str(CorpusChoice("en", "de", files=files)) == "/a,/b,/c/en-de"
