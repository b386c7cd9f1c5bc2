"""Shards say of every sentence what came out of it, and of a failed one that it failed."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from core.chunks.shards import SHARD_FORMS, ShardForm, held, shard_name, write_shard
from core.corpora import FORMATS, BadLines, guess_format
from core.errors import DataError, StoreError
from core.text.words import sentence_from_words
from core.types import Failure, Projection, Span, Trace
from tests.builders import alignment, pair, sentence


def _projection(name: str, *spans: tuple[int, int, str]) -> Projection:
    one = pair(
        sentence("Ada saw Rome", "en", (0, 1, "PER"), (2, 3, "LOC")),
        sentence("روما رأتها 👩‍👩‍👧 Ada", "ar"),
        pair_id=name,
    )
    found = tuple(Span(*span) for span in spans)
    return Projection(one, "m", found, (), Trace(alignment=alignment("0-3 2-0"), status="optimal"))


GOOD = _projection("s1", (0, 1, "LOC"), (3, 4, "PER"))
NONE = _projection("s2")
FAILED = replace(_projection("s3"), failure=Failure("align", "bad-value", "it must be, got it"))
ALL = [GOOD, FAILED, NONE]


def rows(path: Path) -> list[dict[str, Any]]:
    return [dict(row) for row in parquet.read_table(path).to_pylist()]


@pytest.fixture(params=SHARD_FORMS)
def form(request: pytest.FixtureRequest) -> ShardForm:
    found: ShardForm = request.param
    return found


def test_the_forms_are_these() -> None:
    assert SHARD_FORMS == ("parquet", "jsonl", "conll")
    assert shard_name(12, "jsonl") == "part-000012.jsonl"


def test_a_shard_is_a_corpus_of_what_was_projected(tmp_path: Path, form: ShardForm) -> None:
    path = tmp_path / shard_name(0, form)
    write_shard(path, [GOOD, NONE], form)
    guess = guess_format(path)
    assert guess.name == form
    reader = FORMATS.create(form)
    found = reader.read(path, "ar")
    assert [(one.id, one.words, one.spans) for one in found] == [
        (one.pair.id, one.pair.target.words, one.spans) for one in (GOOD, NONE)
    ]


def test_no_reader_takes_a_failed_sentence_for_one_without_entities(
    tmp_path: Path, form: ShardForm
) -> None:
    path = tmp_path / shard_name(0, form)
    write_shard(path, ALL, form)
    reader = FORMATS.create(form)
    bad = BadLines()
    assert [one.id for one in reader.read(path, "ar", skip_bad=bad)] == ["s1", "s2"]
    if form != "conll":  # which has it in a file of its own
        assert [one.position for one in bad.sentences] == [1]
        with pytest.raises(DataError):
            reader.read(path, "ar")


def test_rows_have_tokens_and_tags_as_other_programs_expect(tmp_path: Path) -> None:
    write_shard(tmp_path / "p", ALL, "parquet")
    first, second, third = rows(tmp_path / "p")
    assert first["tokens"] == ["روما", "رأتها", "👩‍👩‍👧", "Ada"]
    assert first["ner_tags"] == ["B-LOC", "O", "O", "B-PER"]
    assert first["source_ner_tags"] == ["B-PER", "O", "B-LOC"]
    assert (first["id"], first["language"], first["source_language"]) == ("s1", "ar", "en")
    assert (first["links"], first["method"], first["status"]) == ("0-3 2-0", "m", "optimal")
    assert (first["failure"], third["ner_tags"]) == (None, ["O"] * 4)
    assert second["ner_tags"] is None
    assert second["failure"] == {
        "stage": "align",
        "code": "bad-value",
        "message": "it must be, got it",
    }


def test_all_rows_have_the_same_columns_whatever_is_in_them(tmp_path: Path) -> None:
    for name, projections in (("one", [FAILED]), ("other", [GOOD])):
        write_shard(tmp_path / name, projections, "parquet")
    one, other = (parquet.read_schema(tmp_path / name) for name in ("one", "other"))
    assert one == other


def test_conll_lists_what_failed_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "part-000000.conll"
    write_shard(path, ALL, "conll")
    (told,) = (tmp_path / "part-000000.failed.jsonl").read_text().splitlines()
    assert (json.loads(told)["id"], json.loads(told)["spans"]) == ("s3", None)
    assert json.loads(told)["failure"]["message"] == "it must be, got it"
    write_shard(path, [GOOD], "conll")
    assert [one.name for one in tmp_path.iterdir()] == ["part-000000.conll"]


def test_what_rows_of_words_cannot_hold_has_failed_in_them_and_only_in_them() -> None:
    target = sentence_from_words(["New York", "sleeps"], "en")
    odd = replace(GOOD, pair=replace(GOOD.pair, target=target), spans=(Span(0, 1, "LOC"),))
    assert held([odd, GOOD], "jsonl") == held([odd, GOOD], "parquet") == [odd, GOOD]
    found, good = held([odd, GOOD], "conll")
    assert good == GOOD
    assert found.failure is not None
    assert (found.failure.stage, found.failure.code) == ("export", "bad-value")
    assert "New York" in found.failure.message
    assert held([FAILED], "conll") == [FAILED]


def test_the_same_projections_are_the_same_bytes(tmp_path: Path, form: ShardForm) -> None:
    for name in ("one", "other"):
        write_shard(tmp_path / f"{name}.{form}", ALL, form)
    assert (tmp_path / f"one.{form}").read_bytes() == (tmp_path / f"other.{form}").read_bytes()


def test_a_shard_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: ShardForm
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(StoreError, match="No space left on device") as caught:
        write_shard(tmp_path / "p", ALL, form)
    assert caught.value.code == "store-full"
    assert list(tmp_path.iterdir()) == []


def test_a_shard_is_on_the_disk_before_anything_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: ShardForm
) -> None:
    steps: list[tuple[str, int]] = []
    sync, move = os.fsync, os.replace

    def synced(handle: int) -> None:
        steps.append(("sync", os.fstat(handle).st_ino))
        sync(handle)

    def moved(part: Path, path: Path) -> None:
        steps.append(("move", part.stat().st_ino))
        move(part, path)

    monkeypatch.setattr("os.fsync", synced)
    monkeypatch.setattr("os.replace", moved)
    write_shard(tmp_path / shard_name(0, form), ALL, form)
    folder = ("sync", tmp_path.stat().st_ino)
    written = [path.stat().st_ino for path in tmp_path.iterdir()]
    assert len(written) == (2 if form == "conll" else 1)
    for one in written:
        place = steps.index(("sync", one))
        assert steps[place + 1 : place + 3] == [("move", one), folder]


def test_text_that_is_not_unicode_leaves_nothing(tmp_path: Path) -> None:
    odd = replace(GOOD, pair=replace(GOOD.pair, target=sentence("\ud800", "ar")), spans=())
    with pytest.raises(DataError, match="must be valid Unicode") as caught:
        write_shard(tmp_path / "p", [odd], "jsonl")
    assert (caught.value.code, caught.value.path) == ("bad-value", str(tmp_path / "p"))
    assert list(tmp_path.iterdir()) == []
