"""The one entry point: names, folders, files, and what they lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.corpora import BadLines
from core.datasets import data_folder as find_data_folder
from core.datasets import describe_corpora, load_corpus
from core.datasets.files import Files
from core.errors import ConfigError, DataError
from core.types import Link

EN, DE = "[PER Ada] left.\n[LOC Bonn] is far.\n", "Ada ging .\nBonn ist fern .\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "en.txt").write_text(EN)
    (tmp_path / "de.tok").write_text(DE)
    (tmp_path / "en-de.pharaoh").write_text("0-0 1-1\n0-0\n")
    (tmp_path / "notes.md").write_text("not a corpus\n")
    return tmp_path


def test_files_are_loaded_in_whatever_format(folder: Path) -> None:
    first, second = load_corpus(
        None, source="en", target="de", source_file=folder / "en.txt", target_file=folder / "de.tok"
    )
    assert (first.id, second.id) == ("1", "2")
    assert first.source.words == ("Ada", "left", ".")
    assert first.target.words == ("Ada", "ging", ".")
    assert first.links == {}
    assert not first.has_gold


def test_a_folder_holds_a_file_a_language(folder: Path) -> None:
    first, _ = load_corpus(folder, source="en", target="de")
    assert first.target.text == "Ada ging ."
    assert first.links == {"file": (Link(0, 0), Link(1, 1))}


def test_a_path_is_the_source_file(folder: Path) -> None:
    pairs = load_corpus(
        str(folder / "en.txt"), source="en", target="de", target_file=folder / "de.tok"
    )
    assert len(pairs) == 2


def test_target_entities_are_gold_where_there_are_any(folder: Path) -> None:
    (folder / "de.tok").write_text("[PER Ada] ging.\nBonn ist fern.\n")
    first, second = load_corpus(folder, source="en", target="de")
    assert first.has_gold
    assert second.has_gold


def test_links_may_count_from_one(folder: Path) -> None:
    first, second = load_corpus(
        None,
        source="en",
        target="de",
        source_file=folder / "en.txt",
        target_file=folder / "de.tok",
        links_file=folder / "en-de.pharaoh",
    )
    (folder / "en-de.pharaoh").write_text("1-1 2-2\n1-1\n")
    again = load_corpus(folder, source="en", target="de", one_based=True)
    assert [pair.links for pair in again] == [first.links, second.links]


def test_a_format_can_be_given_with_its_options(folder: Path) -> None:
    (folder / "gold.tsv").write_text("B-PER\tAda\nO\tging\n\nO\tBonn\n")
    pairs = load_corpus(
        folder / "en.txt",
        source="en",
        target="de",
        target_file=folder / "gold.tsv",
        target_format="conll:token_column=1,tag_column=0,scheme=iob2",
    )
    assert pairs[0].target.words == ("Ada", "ging")
    with pytest.raises(ConfigError, match="brackets, brat, conll"):
        load_corpus(folder, source="en", target="de", source_format="excel")


def test_files_can_be_joined_by_name(folder: Path) -> None:
    (folder / "en.txt").write_text("x\tone\ny\ttwo\n")
    (folder / "de.tok").unlink()
    (folder / "en-de.pharaoh").unlink()
    (folder / "de.txt").write_text("y\tzwei\nx\teins\n")
    pairs = load_corpus(folder, source="en", target="de")
    assert [(pair.id, pair.target.text) for pair in pairs] == [("x", "eins"), ("y", "zwei")]
    pairs = load_corpus(folder, source="en", target="de", join="line")
    assert [(pair.id, pair.target.text) for pair in pairs] == [("1", "zwei"), ("2", "eins")]


def test_text_is_composed_on_request_only(folder: Path) -> None:
    (folder / "en.txt").write_text("[PER Zoe\u0308] left.\nB.\n", encoding="utf-8")
    (plain, _), (composed, _) = (
        load_corpus(folder, source="en", target="de", nfc=nfc) for nfc in (False, True)
    )
    assert plain.source.words[0] == "Zoe\u0308"
    assert composed.source.words[0] == "Zoë"
    assert composed.source.text_of(composed.source.spans[0]) == "Zoë"


def test_malformed_sentences_cost_their_pairs(folder: Path) -> None:
    (folder / "en.txt").write_text("[PER Ada left.\n[LOC Bonn] is far.\n")
    bad = BadLines()
    (pair,) = load_corpus(folder, source="en", target="de", skip_bad=bad)
    assert (pair.id, pair.target.text) == ("2", "Bonn ist fern .")
    assert [one.path for one in bad.sentences] == [str(folder / "en.txt")]


def test_a_corpus_without_a_readable_pair_is_an_error(folder: Path) -> None:
    (folder / "en.txt").write_text("[PER Ada\n]\n")
    with pytest.raises(DataError, match="at least one readable") as caught:
        load_corpus(folder, source="en", target="de", skip_bad=BadLines())
    assert caught.value.code == "empty-corpus"


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("europarl", "one of absa-projection, demo, europarl-ner"),
        ("files", "one of absa-projection"),
        ("no/such/file.txt", "got 'no/such/file.txt'"),
    ],
)
def test_an_unknown_name_is_refused(name: str, rule: str) -> None:
    with pytest.raises(ConfigError, match=rule) as caught:
        load_corpus(name, source="en", target="de")
    assert caught.value.code == "unknown-name"


def test_a_name_and_files_exclude_each_other(folder: Path) -> None:
    with pytest.raises(ConfigError, match="a name or files") as caught:
        load_corpus("demo", source="en", target="de", target_file=folder / "de.tok")
    assert caught.value.code == "bad-value"


def test_a_source_file_alone_has_targets_to_be_made(folder: Path) -> None:
    pairs = load_corpus(None, source="en", target="de", source_file=folder / "en.txt")
    assert pairs
    assert all(pair.source.words and not pair.target.words for pair in pairs)
    assert {(pair.target.language, pair.has_gold) for pair in pairs} == {("de", False)}
    assert len({pair.id for pair in pairs}) == len(pairs)


def test_a_target_file_alone_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="must have a source file") as raised:
        load_corpus(None, source="en", target="de", target_file=folder / "de.tok")
    assert "pipeline" in raised.value.hint


def test_links_need_both_files_and_files_a_language(folder: Path) -> None:
    with pytest.raises(ConfigError, match="word links need a target file"):
        load_corpus(
            None,
            source="en",
            target="de",
            source_file=folder / "en.txt",
            links_file=folder / "none.pharaoh",
        )
    with pytest.raises(ConfigError, match="target language must be given"):
        load_corpus(folder / "en.txt", source="en", target=None, target_file=folder / "de.tok")


@pytest.mark.parametrize("extra", ["", "en.conll"], ids=["none", "two"])
def test_a_folder_needs_one_file_a_language(extra: str, folder: Path) -> None:
    if extra:
        (folder / extra).write_text("")
    else:
        (folder / "en.txt").unlink()
    with pytest.raises(DataError, match=r"one file named en, such as en\.txt") as caught:
        load_corpus(folder, source="en", target="de")
    assert (caught.value.code, caught.value.path) == ("missing-corpus", str(folder))


def test_the_demo_is_always_described_as_available() -> None:
    described = {corpus.name: corpus for corpus in describe_corpora()}
    demo = described["demo"]
    assert "files" not in described
    assert (demo.available, demo.missing, demo.hint) == (True, (), "")
    assert len(demo.pairs) == 13 * 12


def test_what_is_missing_is_described(data_folder: Path) -> None:
    assert all(corpus.available for corpus in describe_corpora())
    (data_folder / "uner" / "German-PUD" / "de_pud-ud-test.iob2").unlink()
    described = {corpus.name: corpus for corpus in describe_corpora()}["uner-pud"]
    assert not described.available
    assert described.missing == ("uner/German-PUD/de_pud-ud-test.iob2",)
    assert described.hint == (
        "python -m core corpora get uner-pud, or set SPANBRIDGE_DATA to the folder that holds "
        f"{described.missing[0]}"
    )


def test_the_data_folder_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPANBRIDGE_DATA", str(tmp_path / "mine"))
    assert find_data_folder() == tmp_path / "mine"


def test_the_data_folder_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository, home = tmp_path / "work" / "repository", tmp_path / "home"
    monkeypatch.setattr("core.datasets._folder._REPOSITORY", repository)
    monkeypatch.delenv("SPANBRIDGE_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    assert find_data_folder() is None
    (home / "spanbridge" / "data").mkdir(parents=True)
    assert find_data_folder() == home / "spanbridge" / "data"
    (tmp_path / "work" / "shared" / "data").mkdir(parents=True)
    assert find_data_folder() == tmp_path / "work" / "shared" / "data"


def test_without_a_data_folder_the_corpus_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.datasets._folder.data_folders", lambda: ())
    with pytest.raises(DataError) as caught:
        load_corpus("uner_pud", source="en", target="de")
    assert (caught.value.code, caught.value.path) == ("missing-corpus", None)


def test_files_take_any_language_and_say_which_are_missing(folder: Path) -> None:
    files = Files(source_file=str(folder / "en.txt"), target_file=str(folder / "none.txt"))
    assert (files.languages(), files.pairs()) == ((), ())
    assert files.missing() == (str(folder / "none.txt"),)
