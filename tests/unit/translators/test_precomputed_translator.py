"""Translations looked up in files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.errors import ConfigError, DataError
from core.text.files import Line, read_lines
from core.translators import TRANSLATORS


def _translate(wanted: list[str], **files: Path | str) -> list[str]:
    parameters = {name: str(path) for name, path in files.items()}
    translator = TRANSLATORS.create("precomputed", parameters)
    return translator.translate(wanted, source="de", target="en")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "translations.tsv"
    path.write_text("Das ist Rom .\tThis is Rome .\n\nAda  sah\u00a0Rom\tAda saw  Rome\n")
    return path


def test_texts_are_found_in_any_order(file: Path) -> None:
    found = _translate(["Ada sah Rom", "", " Das  ist Rom .", "Ada sah\tRom"], file=file)
    assert found == ["Ada saw Rome", "", "This is Rome .", "Ada saw Rome"]


def test_composed_and_decomposed_letters_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("Mu\u0308nchen\tMunich\n")
    assert _translate(["M\u00fcnchen"], file=path) == ["Munich"]


def test_two_files_go_line_by_line(tmp_path: Path) -> None:
    texts, file = tmp_path / "de.txt", tmp_path / "en.txt"
    texts.write_text("eins\n\nzwei\n")
    file.write_text("one\n\ntwo\n")
    assert _translate(["zwei", "eins"], file=file, texts=texts) == ["two", "one"]


def test_two_files_must_have_as_many_lines(tmp_path: Path) -> None:
    texts, file = tmp_path / "de.txt", tmp_path / "en.txt"
    texts.write_text("eins\nzwei\n")
    file.write_text("one\n")
    with pytest.raises(DataError, match=r"en\.txt: .*each of the 2 lines.*got 1") as raised:
        _translate(["eins"], file=file, texts=texts)
    assert raised.value.code == "not-parallel"


def test_languages_are_put_into_the_path(tmp_path: Path) -> None:
    (tmp_path / "de-en.tsv").write_text("eins\tone\n")
    assert _translate(["eins"], file=tmp_path / "{source}-{target}.tsv") == ["one"]


def test_a_text_without_translation_is_named(file: Path) -> None:
    with pytest.raises(DataError, match="text 2 of 2") as raised:
        _translate(["Das ist Rom .", "Das ist neu ."], file=file)
    assert raised.value.code == "missing-translation"
    assert raised.value.path == str(file)


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (b"eins\tone\nzwei\n", 2, "bad-line"),
        (b"eins\tone\tuno\n", 1, "bad-line"),
        (b"eins\tone\n\nzwei\t \n", 3, "bad-line"),
        (b"eins\tone\nzw\xff\ttwo\n", 2, "not-utf8"),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, content: bytes, line: int, code: str) -> None:
    path = tmp_path / "t.tsv"
    path.write_bytes(content)
    with pytest.raises(DataError) as raised:
        _translate(["eins"], file=path)
    assert (raised.value.path, raised.value.line, raised.value.code) == (str(path), line, code)


def test_a_file_is_read_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def count(path: Path) -> list[Line]:
        read.append(path)
        return read_lines(path)

    monkeypatch.setattr("core.translators.precomputed.read_lines", count)
    texts, file = tmp_path / "de.txt", tmp_path / "en.txt"
    texts.write_text("eins\nzwei\n")
    file.write_text("one\ntwo\n")
    for wanted, found in (("eins", "one"), ("zwei", "two"), ("eins", "one")):
        assert _translate([wanted], file=file, texts=texts) == [found]
    assert read == [texts, file]
    file.write_text("one\nmore\n")
    os.utime(file, ns=(0, 0))  # the same length, another time
    assert _translate(["zwei"], file=file, texts=texts) == ["more"]
    texts.write_text("eins\ndrei\n")
    os.utime(texts, ns=(0, 0))
    assert _translate(["drei"], file=file, texts=texts) == ["more"]
    assert len(read) == 6
    TRANSLATORS.create("precomputed").release()
    assert _translate(["drei"], file=file, texts=texts) == ["more"]
    assert len(read) == 8


def test_translations_alone_need_their_texts(tmp_path: Path) -> None:
    path = tmp_path / "en.txt"
    path.write_text("one\ntwo\n")
    with pytest.raises(DataError) as raised:
        _translate(["eins"], file=path)
    assert "translator.texts" in raised.value.hint


def test_differing_translations_are_told_and_the_first_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("eins\tone\neins\ta\neins\tone\n")
    for _ in ("read", "known"):
        with pytest.warns(UserWarning, match="1 lines translate a text differently"):
            assert _translate(["eins"], file=path) == ["one"]


def test_a_file_must_be_named_and_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        _translate(["eins"])
    assert raised.value.code == "bad-config"
    with pytest.raises(DataError) as missing:
        _translate(["eins"], file=tmp_path / "none.tsv")
    assert missing.value.code == "file-not-found"
