"""What goes wrong in a whole corpus is told or kept with its reason, and costs nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.chunks.cutting import CorpusChoice
from core.chunks.reading import CorpusFiles
from core.chunks.shards import SHARD_FORMS, ShardForm
from core.config import ComponentChoice
from core.corpora import FORMATS, BadLines
from core.errors import ConfigError, DataError, StoreError
from core.types import Sentence
from core.whole_corpus import Order
from tests.builders import SameWords, sentence
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


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "file-not-found"),
        (b"w1 Ada saw Rome\n", "bad-line"),
        (b"w1 Ada saw Rome\t\xff\n", "not-utf8"),
    ],
)
def test_a_file_of_translations_that_cannot_be_read_stops_the_run_and_a_mended_one_lets_it_go_on(
    order: Order,
    out: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes | None,
    code: str,
) -> None:
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(SameWords()))
    file = tmp_path / "translations.tsv"
    if content is not None:
        file.write_bytes(content)
    translator = ComponentChoice(name="precomputed", parameters={"file": str(file)})
    gold = ComponentChoice(name="gold")
    order = replace(order, config=by_links(translator=translator, labeller=gold))
    with pytest.raises(DataError) as caught:
        project(order)
    assert (caught.value.code, caught.value.path) == (code, str(file))
    assert shards(out) == {}
    texts = [f"w{place} Ada saw Rome" for place in range(8)]
    file.write_text("".join(f"{text}\t{text}\n" for text in texts))
    assert anew(order) == [0, 1, 2, 3, 4]
    (told,) = map(json.loads, (out / "failed.jsonl").read_text().splitlines())
    assert (told["id"], told["code"]) == ("9", "missing-translation")  # which one text may lack
    with file.open("a") as more:
        more.write("w8 Ada saw Rome\tw8 Ada saw Rome\n")
    assert project(order)["failed"] == 0


@pytest.mark.parametrize("form", SHARD_FORMS)
@pytest.mark.parametrize(("number", "code"), [(28, "store-full"), (30, "store-read-only")])
def test_a_disk_that_refuses_is_told_and_the_next_run_goes_on(
    order: Order,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    code: str,
    form: ShardForm,
) -> None:
    order = replace(order, form=form)
    project(order, chunks=1)

    def refuse(*_: object) -> None:
        raise OSError(number, "refused")

    with monkeypatch.context() as patch:
        patch.setattr("core.jobs._whole.os.replace", refuse)
        with pytest.raises(StoreError, match="the output folder must be usable") as caught:
            project(order)
    assert caught.value.code == code
    assert list(shards(out)) == [f"part-000000.{form}"]
    assert anew(order) == [1, 2, 3, 4]


@pytest.mark.parametrize("name", ["failed.jsonl", "skipped.jsonl"])
def test_a_list_that_cannot_be_written_is_told_like_a_shard(
    order: Order, out: Path, tmp_path: Path, name: str
) -> None:
    links = tmp_path / "corpus" / "en-de.pharaoh"
    links.write_text(links.read_text().replace("0-0", "0=0", 1))
    (out / name / "in the way").mkdir(parents=True)
    with pytest.raises(StoreError, match="the output folder must be usable"):
        project(replace(order, corpus=replace(order.corpus, skip_bad=True)))


def test_a_file_in_the_place_of_the_folder_is_told(order: Order, out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(StoreError, match="the output folder must be usable"):
        project(order)
    assert out.read_text() == "mine"
