"""What goes wrong in a whole corpus is told or kept with its reason, and costs nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.chunks.cutting import CorpusChoice
from core.chunks.reading import CorpusFiles
from core.chunks.shards import SHARD_FORMS, ShardForm
from core.corpora import FORMATS, BadLines
from core.errors import ConfigError, DataError, StoreError
from core.types import Sentence
from core.whole_corpus import Order
from tests.builders import sentence
from tests.translators import ANY, One
from tests.whole_corpora import (
    BAD,
    FailingAligner,
    FailingLabeller,
    anew,
    by_links,
    order_of,
    project,
    shards,
    write_files,
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def order(tmp_path: Path, out: Path) -> Order:
    """Nine pairs in chunks of two."""
    return order_of(write_files(tmp_path / "corpus", 9), out)


@pytest.mark.parametrize("form", SHARD_FORMS)
@pytest.mark.parametrize("stage", ["label", "align"])
def test_one_sentence_that_fails_is_kept_with_its_reason_and_never_as_one_without_entities(
    order: Order, out: Path, monkeypatch: pytest.MonkeyPatch, form: ShardForm, stage: str
) -> None:
    monkeypatch.setattr("core.workflow.LABELLERS", One(FailingLabeller()))
    if stage == "align":
        monkeypatch.setattr("core.pipeline.ALIGNERS", One(FailingAligner()))
    else:
        order = replace(order, config=by_links(labeller=ANY))
    found = project(replace(order, form=form))
    assert (found["done"], found["failed"]) == (9, 1)
    (told,) = map(json.loads, (out / "failed.jsonl").read_text().splitlines())
    assert (told["chunk"], told["id"], told["stage"], told["code"]) == (3, "8", stage, "bad-value")
    assert "must be a good one" in told["message"]
    sentences, refused = _read_all(out, form)
    assert len(sentences) == 8
    assert all(one.spans for one in sentences)
    assert BAD not in {one.words[0] for one in sentences}
    assert refused == (0 if form == "conll" else 1)
    if form == "conll":  # where it stands in a file of its own
        (line,) = (out / "part-000003.failed.jsonl").read_text().splitlines()
        assert json.loads(line)["failure"]["stage"] == stage


def _read_all(out: Path, form: ShardForm) -> tuple[list[Sentence], int]:
    """Read all shards as a user would, and count what the reader refuses."""
    bad = BadLines()
    found: list[Sentence] = []
    for path in sorted(out.glob(f"part-*.{form}")):
        found += FORMATS.create(form).read(path, "de", skip_bad=bad)
    return found, len(bad)


def test_a_malformed_sentence_stops_the_run_or_is_listed(
    order: Order, out: Path, tmp_path: Path
) -> None:
    source = tmp_path / "corpus" / "en.conll"
    source.write_text(source.read_text().replace("w3\tO", "w3\tX"))
    with pytest.raises(DataError, match="a tag must be") as caught:
        project(order)
    assert (caught.value.path, caught.value.line) == (str(source), 16)
    found = project(replace(order, corpus=replace(order.corpus, skip_bad=True)))
    assert (found["pairs"], found["done"], found["skipped"]) == (8, 8, 1)
    (told,) = map(json.loads, (out / "skipped.jsonl").read_text().splitlines())
    assert (told["path"], told["line"], told["code"]) == (str(source), 16, "bad-annotation")


def test_names_in_another_order_lose_nobody(order: Order, out: Path, tmp_path: Path) -> None:
    names = [f"s{place}" for place in range(5)]
    for language, listed in (("en", names), ("de", names[::-1])):
        rows = [
            replace(sentence(f"Ada {name}", language, (0, 1, "PER")), id=name) for name in listed
        ]
        FORMATS.create("jsonl").write(tmp_path / language, rows)
    (tmp_path / "links").write_text("0-0\n" * 5)
    files = CorpusFiles(tmp_path / "en", tmp_path / "de", tmp_path / "links")
    project(replace(order, corpus=CorpusChoice("en", "de", files=files), form="jsonl"))
    sentences, _ = _read_all(out, "jsonl")
    assert [(one.id, one.words) for one in sentences] == [(name, ("Ada", name)) for name in names]
    assert all(one.spans for one in sentences)


def test_sentences_whose_other_side_nobody_makes_are_told_before_a_shard_is_written(
    order: Order, out: Path
) -> None:
    files = order.corpus.files
    assert files is not None
    for alone, stage in (
        (CorpusFiles(files.source, None), "target"),
        (CorpusFiles(None, files.target), "source"),
    ):
        corpus = replace(order.corpus, files=alone)
        with pytest.raises(ConfigError, match=f"{stage} sentences") as caught:
            project(replace(order, corpus=corpus))
        assert (caught.value.code, caught.value.hint) == ("missing-stage", "add --translator NAME")
    assert shards(out) == {}


@pytest.mark.parametrize(("number", "code"), [(28, "store-full"), (30, "store-read-only")])
def test_a_disk_that_refuses_is_told_and_the_next_run_goes_on(
    order: Order, out: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    project(order, chunks=1)

    def refuse(*_: object) -> None:
        raise OSError(number, "refused")

    with monkeypatch.context() as patch:
        patch.setattr("core.jobs._whole.os.replace", refuse)
        with pytest.raises(StoreError, match="the output folder must be usable") as caught:
            project(order)
    assert caught.value.code == code
    assert list(shards(out)) == ["part-000000.parquet"]
    assert anew(order) == [1, 2, 3, 4]


def test_a_file_in_the_place_of_the_folder_is_told(order: Order, out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(StoreError, match="the output folder must be usable"):
        project(order)
    assert out.read_text() == "mine"
