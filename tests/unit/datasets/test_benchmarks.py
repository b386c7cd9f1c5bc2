"""Benchmarks of single languages, on tiny files in the layout of the real ones."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from core.corpora import BadLines
from core.datasets import DATASETS, describe_corpora, load_corpus
from core.datasets._examining import count_strays
from core.datasets._one_side import load_side
from core.errors import ConfigError, DataError, Notice
from core.types import Span
from tests.unit.datasets.conftest import put

pytestmark = [
    pytest.mark.usefixtures("data_folder"),
    pytest.mark.filterwarnings("ignore::core.errors.Notice"),
]
TAGS = [
    ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"].index(one) for one in ("B-PER", "O")
]


def test_pan_x_is_read_without_its_prefixes() -> None:
    first, second = load_side("pan-x/sw/test")
    assert (first.words, first.spans) == (("Ada", "a:b"), (Span(0, 1, "PER"),))
    assert (second.words, second.spans) == (("Bonn",), (Span(0, 1, "LOC"),))
    assert {first.language, second.language} == {"sw"}


def test_a_benchmark_is_projected_onto_from_what_a_translator_makes() -> None:
    first, second = load_corpus("pan-x", source="en", target="sw")
    assert (first.id, second.id) == ("pan-x:test:1", "pan-x:test:2")
    assert (first.source.words, first.source.language) == ((), "en")
    assert not first.source_labelled
    assert first.has_gold
    assert first.target.words == ("Ada", "a:b")


def test_stray_tags_are_told_and_the_file_stays(data_folder: Path) -> None:
    path = data_folder / "pan-x" / "sw" / "test"
    before = path.read_bytes()
    with pytest.warns(Notice, match="1 tags I- continue nothing"):
        load_side("pan-x/sw/test")
    assert path.read_bytes() == before
    put(data_folder, "pan-x/sw/test", "sw:Bonn\tB-LOC\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error", Notice)
        load_side("pan-x/sw/test")


@pytest.mark.parametrize(
    ("rows", "strays"),
    [
        ("1\ta\tB-PER\t-\t-\n2-3\tbc\t_\t-\t-\n2\tb\tI-PER\t-\t-\n", 0),
        ("# text = a\n1\ta\tI-PER\t-\t-\n2\tb\tI-PER\t-\t-\n3\tc\tI-LOC\t-\t-\n", 2),
        ("1\ta\tB-PER\t-\t-\n\n1\tb\tI-PER\t-\t-\n", 1),
    ],
)
def test_stray_tags_are_counted_row_by_row(rows: str, strays: int, tmp_path: Path) -> None:
    path = tmp_path / "x.iob2"
    path.write_text(rows, encoding="utf-8")
    assert count_strays(path, "uner") == strays


def test_pan_x_as_json_lines(data_folder: Path) -> None:
    row = {"tokens": ["Ada", ":"], "ner_tags": TAGS, "langs": ["yo"] * 2, "spans": ["PER: Ada"]}
    put(data_folder, "pan-x/yo/validation.jsonl", json.dumps(row) + "\n")
    (sentence,) = load_side("pan-x/yo/dev")
    assert (sentence.words, sentence.spans) == (("Ada", ":"), (Span(0, 1, "PER"),))


def test_pan_x_as_a_table(data_folder: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = data_folder / "pan-x" / "yo" / "test-00000-of-00001.parquet"
    path.parent.mkdir()
    rows = {"tokens": [["Ada", ":"]], "ner_tags": [TAGS], "langs": [["yo", "yo"]]}
    parquet.write_table(pa.table({**rows, "spans": [["PER: Ada"]]}), path)
    (sentence,) = load_side("pan-x/yo")
    assert (sentence.words, sentence.spans) == (("Ada", ":"), (Span(0, 1, "PER"),))


def test_rows_without_a_language_are_plain(data_folder: Path) -> None:
    put(data_folder, "pan-x/yo/test.tsv", "Ada\tB-PER\n:\tO\n")
    (sentence,) = load_side("pan-x/yo/test")
    assert sentence.words == ("Ada", ":")


def test_masakhaner_keeps_dates() -> None:
    first, second = load_side("masakhaner2/lg/dev")
    assert first.spans == (Span(0, 1, "PER"), Span(1, 2, "DATE"))
    assert second.words == ("Bonn",)
    (pair, _) = load_corpus("masakhaner2", source="en", target="lg", split="train")
    assert (pair.id, pair.target.language) == ("masakhaner2:train:1", "lg")


def test_a_treebank_is_found_by_language_and_split() -> None:
    first, second = load_side("uner-treebanks/hr/dev")
    assert (first.words, first.id) == (("Zagreb", "BL"), "dev1")
    assert first.spans[1].label == "OTH"
    assert second.words == ("x",)
    (english, *_) = load_side("uner-treebanks/en/pud-test")
    assert english.text == "Ada!"


def test_names_that_several_sentences_share_are_told_apart(data_folder: Path) -> None:
    block = "# sent_id = one\n1\tx\tO\t-\t-\n\n"
    put(data_folder, "uner/Danish-DDT/da_ddt-ud-test.iob2", block * 2)
    pairs = load_corpus("uner-treebanks", source="en", target="da")
    assert [pair.id for pair in pairs] == [f"uner-treebanks:test:one@{n}" for n in (1, 2)]


@pytest.mark.parametrize(
    ("row", "code", "reason"),
    [
        ("sw:Ada B-PER", "bad-line", "a tab and the tag"),
        ("de:Ada\tB-PER", "bad-line", "must be sw:TOKEN"),
        ("Ada\tB-PER", "bad-line", "must be sw:TOKEN"),
        ("sw:\tO", "bad-line", "must not be empty"),
        ("sw:Ada\tPER", "bad-annotation", "PREFIX-LABEL"),
        ("sw:Ada\tB-PER\tx", "bad-line", "a tab and the tag"),
        ("sw:Ada\t", "bad-annotation", "PREFIX-LABEL"),
        ("sw:A\udcffda\tO", "not-utf8", "UTF-8"),
    ],
)
def test_a_malformed_row_is_named(row: str, code: str, reason: str, data_folder: Path) -> None:
    path = data_folder / "pan-x" / "sw" / "test"
    content = f"sw:x\tO\n\n{row}\n\nsw:y\tO\n"
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(DataError, match=reason) as caught:
        load_side("pan-x/sw/test")
    assert (caught.value.code, caught.value.path, caught.value.line) == (code, str(path), 3)
    bad = BadLines()
    kept = load_corpus("pan-x", source="en", target="sw", skip_bad=bad)
    assert [pair.id for pair in kept] == ["pan-x:test:1", "pan-x:test:3"]
    assert [one.line for one in bad.sentences] == [3]


def test_a_malformed_row_of_masakhaner_is_named(data_folder: Path) -> None:
    put(data_folder, "masakhaner2/lug/test.txt", "Ada B-PER\nx\n\ny O\n\nz O\n")
    with pytest.raises(DataError, match="must have 2 columns") as caught:
        load_side("masakhaner2/lg/test")
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("source", "code", "says"),
    [
        ("pan-x/en", "missing-corpus", "corpora get pan-x --language en"),
        ("pan-x/lg", "unknown-language", "pan-x has sentences in af"),
        ("masakhaner2/en", "unknown-language", "masakhaner2 has sentences in"),
        ("pan-x/sw/best", "unknown-name", "train, dev, test"),
        ("uner-treebanks/tl/dev", "unknown-name", "test, ugnayan-test"),
        ("uner-hr/en", "unknown-language", "has sentences in hr"),
    ],
)
def test_what_is_not_there_is_said(source: str, code: str, says: str) -> None:
    with pytest.raises((ConfigError, DataError)) as caught:
        load_side(source)
    assert caught.value.code == code
    assert says in str(caught.value)


def test_a_corpus_is_available_as_soon_as_one_language_is() -> None:
    described = {corpus.name: corpus for corpus in describe_corpora()}["pan-x"]
    assert (described.available, described.ready) == (True, ("sw",))
    assert len(described.missing) == 39 * 3
    assert described.missing[0] == "pan-x/af/train"
    assert described.hint.startswith("python -m core corpora get pan-x, or set SPANBRIDGE_DATA")


def test_classes_can_be_left_out_everywhere_by_one_option() -> None:
    """The three classes that all benchmarks share have the same names in each."""
    shared = {"PER", "LOC", "ORG"}
    for name in ("pan-x/sw/test", "masakhaner2/lg/test", "uner-treebanks/hr/test"):
        labels = {span.label for one in load_side(name) for span in one.spans}
        assert labels & shared
        assert labels - shared <= {"DATE", "OTH"}
    assert "labels=PER,LOC,ORG" in DATASETS.create("masakhaner2").description
