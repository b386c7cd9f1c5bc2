"""The named corpora, on tiny files in the layout of the real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.corpora import BadLines
from core.datasets import describe_corpora, load_corpus
from core.datasets.demo import Demo
from core.errors import ConfigError, DataError
from core.types import Link, Span

pytestmark = pytest.mark.usefixtures("data_folder")


def test_europarl_is_joined_by_line() -> None:
    first, second = load_corpus("europarl-ner", source="en", target="de")
    assert (first.id, second.id) == ("europarl-ner:1", "europarl-ner:2")
    assert (first.source.words, first.target.words) == (("Bonn", "en"), ("Bonn", "de"))
    assert (first.source.language, first.target.language) == ("en", "de")
    assert first.target.spans == (Span(0, 1, "LOC"),)
    assert first.has_gold


def test_parallel_ud_is_joined_by_name() -> None:
    first, second = load_corpus("uner-pud", source="en", target="pt")
    assert (first.id, second.id) == ("uner-pud:n1", "uner-pud:n2")
    assert (first.source.text, first.target.text) == ("Ada!", "Ada!")
    assert second.target.text == "Bonn"


def test_croatian_is_still_to_be_translated_and_labelled() -> None:
    first, second = load_corpus("uner-hr", source="en", target="hr")
    assert (first.id, second.id) == ("uner-hr:test:test1", "uner-hr:test:2")
    assert first.target.spans == (Span(0, 1, "LOC"), Span(1, 2, "OTH"))
    assert (first.target.text, first.target.language) == ("Split BL", "hr")
    assert (first.source.words, first.source.language) == ((), "en")
    assert not first.source_labelled
    assert first.has_gold
    dev = load_corpus("uner-hr", source="en", target="hr", split="dev")
    assert [pair.target.words[0] for pair in dev] == ["Zagreb", "x"]


def test_croatian_says_what_is_missing_and_loads_the_rest(data_folder: Path) -> None:
    (data_folder / "uner" / "Croatian-SET" / "hr_set-ud-dev.iob2").unlink()
    (described,) = (corpus for corpus in describe_corpora() if corpus.name == "uner-hr")
    assert described.missing == ("uner/Croatian-SET/hr_set-ud-dev.iob2",)
    assert "SPANBRIDGE_DATA" in described.hint
    with pytest.raises(DataError, match=r"got no uner/Croatian-SET/hr_set-ud-dev\.iob2") as caught:
        load_corpus("uner-hr", source="en", target="hr", split="dev")
    assert caught.value.code == "missing-corpus"
    assert len(load_corpus("uner-hr", source="en", target="hr")) == 2


def test_opinion_targets_bring_links() -> None:
    first, second = load_corpus("absa-projection", source="en", target="es", split="train")
    assert (first.id, second.id) == ("absa-projection:train:1", "absa-projection:train:2")
    assert first.source.spans == (Span(1, 2, "TARGET"),)
    assert first.target.spans == (Span(0, 1, "TARGET"),)
    assert sorted(first.links) == ["awesome", "fast_align", "simalign"]
    assert first.links["awesome"] == (Link(0, 1), Link(1, 0))


def test_mafand_has_an_unlabelled_source_and_a_gold_target() -> None:
    first, second = load_corpus("masakhaner2-mafand", source="en", target="lg")
    assert (first.id, second.id) == ("masakhaner2-mafand:test:1", "masakhaner2-mafand:test:2")
    assert first.source.words == ("It", "is", "Ada", "!")
    assert first.source.spans == ()
    assert first.target.spans == (Span(0, 1, "PER"),)
    assert (first.target.text, second.target.text) == ("Ada!", "1 x")
    assert second.target.spans == (Span(1, 2, "LOC"),)


def test_a_target_may_be_the_only_one() -> None:
    pairs = load_corpus("masakhaner2-mafand", source="fr", target=None)
    assert pairs[0].target.language == "ee"
    with pytest.raises(ConfigError, match="from en there are lg, pcm, yo"):
        load_corpus("masakhaner2-mafand", source="en", target=None)


@pytest.mark.parametrize(
    ("split", "expected"), [("", "test"), ("dev", "dev"), ("train", "train")], ids=str
)
def test_a_split_can_be_chosen(split: str, expected: str) -> None:
    pairs = load_corpus("masakhaner2-mafand", source="en", target="pcm", split=split)
    assert pairs[0].id == f"masakhaner2-mafand:{expected}:1"


def test_a_pair_may_have_fewer_splits() -> None:
    assert (
        load_corpus("masakhaner2-mafand", source="en", target="yo")[0].id.split(":")[1] == "train"
    )
    with pytest.raises(ConfigError, match="en-yo has the splits train; got 'test'"):
        load_corpus("masakhaner2-mafand", source="en", target="yo", split="test")


def test_a_malformed_record_costs_one_pair(data_folder: Path) -> None:
    path = data_folder / "masakhaner2-mafand" / "en-pcm" / "test.jsonl"
    path.write_text(
        '{"tokens": ["a"], "tags": [], "src_text": "a"}\n{"tokens": "a"}\n'
        '{"tokens": ["a"], "tags": ["PER"], "src_text": "a"}\n{"tokens": [], "tags": []}\n'
        '{"tokens": ["a"], "tags": ["O"], "src_text": "a"}\n'
    )
    with pytest.raises(DataError, match="one tag a word") as caught:
        load_corpus("masakhaner2-mafand", source="en", target="pcm")
    assert (caught.value.path, caught.value.line) == (str(path), 1)
    bad = BadLines()
    (pair,) = load_corpus("masakhaner2-mafand", source="en", target="pcm", skip_bad=bad)
    assert pair.id == "masakhaner2-mafand:test:5"
    assert [one.line for one in bad.sentences] == [1, 2, 3, 4]


def test_a_malformed_sentence_costs_its_pair_only(data_folder: Path) -> None:
    path = data_folder / "europarl-ner" / "de-europarl.test.conll02"
    path.write_text("Bonn\tLOC\n\nAda\tB-PER\n")
    bad = BadLines()
    (pair,) = load_corpus("europarl-ner", source="en", target="de", skip_bad=bad)
    assert (pair.id, pair.source.text, pair.target.text) == ("europarl-ner:2", "Ada", "Ada")
    assert len(bad) == 1


def test_a_missing_file_is_named_with_what_to_do(data_folder: Path) -> None:
    path = data_folder / "absa-projection" / "fr" / "awesome.test.talp"
    path.unlink()
    with pytest.raises(DataError, match=r"got no absa-projection/fr/awesome\.test\.talp") as caught:
        load_corpus("absa-projection", source="en", target="fr")
    assert (caught.value.code, caught.value.path) == ("missing-corpus", str(path))
    assert "SPANBRIDGE_DATA" in caught.value.hint


@pytest.mark.parametrize(
    ("source", "target"), [("en", "fi"), ("en", "en"), ("EN", "de")], ids=["no", "same", "case"]
)
def test_a_language_pair_it_does_not_have_is_refused(source: str, target: str) -> None:
    with pytest.raises(ConfigError, match=f"got {source}-{target}") as caught:
        load_corpus("europarl-ner", source=source, target=target)
    assert caught.value.code == "unknown-language"


@pytest.mark.parametrize("corpus", ["europarl-ner", "uner-pud", "absa-projection", "demo"])
def test_a_split_it_does_not_have_is_refused(corpus: str) -> None:
    target = "es" if corpus == "absa-projection" else "de"
    with pytest.raises(ConfigError, match="got 'nightly'") as caught:
        load_corpus(corpus, source="en", target=target, split="nightly")
    assert caught.value.code == "unknown-name"


def test_the_demo_is_joined_by_name_and_says_what_it_shows() -> None:
    pairs = load_corpus("demo", source="en", target="zh")
    groups = Demo().groups()
    assert [pair.id for pair in pairs] == [f"demo:{name}" for name in groups]
    assert all(pair.source.spans or not pair.target.spans for pair in pairs)
    assert all(group.phenomena and group.note for group in groups.values())
