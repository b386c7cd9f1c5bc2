"""Previews, exports with their checks, and the command."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.cli import main
from core.corpora import FORMATS
from core.errors import ConfigError, DataError
from core.exchange import export_sentences, preview_import, preview_pairs
from core.exchange.changes import compare
from core.exchange.checks import Reread, Seen, SeenSpan, expected
from core.text.words import sentence_from_words
from core.types import Sentence, Span
from tests.builders import sentence
from tests.command_line import run_json

ONE = replace(sentence("Ada left Turin", "en", (0, 1, "PER"), (2, 3, "LOC")), id="s1")
ROWS = b"Ada\tB-PER\nleft\tO\n\nb\xf3se\tO\n\nBo\tB-PER\r\n\nx\tY\ny\tO\n"


def test_a_preview_counts_and_keeps_aside_byte_for_byte() -> None:
    seen = preview_import(ROWS, "en", name="a.conll")
    assert (seen.form.name, seen.guessed, len(seen.sentences)) == ("conll", True, 2)
    assert (seen.words, seen.entities, seen.labels(), seen.empty) == (3, 2, {"PER": 2}, 0)
    assert seen.first(1)[0].words == ("Ada", "left")
    assert [(one.path, one.line, one.code) for one in seen.bad] == [
        ("a.conll", 4, "not-utf8"),
        ("a.conll", 8, "bad-annotation"),
    ]
    assert seen.set_aside_bytes == b"b\xf3se\tO\n\nx\tY\ny\tO\n\n"


def test_a_preview_of_a_path_with_a_form_that_was_chosen(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(b"B-PER\tAda\n")
    seen = preview_import(path, "en", form="conll:token_column=1,tag_column=0")
    assert (seen.guessed, seen.name, seen.labels()) == (False, str(path), {"PER": 1})
    with pytest.raises(ConfigError):
        preview_import(path, "en", form="excel")
    with pytest.raises(DataError, match=r"ada\.conll"):
        preview_import(tmp_path / "ada.conll", "en")


def test_a_preview_of_json_keeps_aside_what_is_there() -> None:
    content = b'{"text": "Bo", "label": [[0, 2, "PER"]]}\n{"text": "B\xf3"}\n{"text": 1}\n'
    seen = preview_import(content, "en", name="a.jsonl")
    assert seen.set_aside_bytes == b'{"text": "B\xf3"}\n{"text": 1}\n'


def test_a_preview_of_pairs() -> None:
    seen = preview_pairs(b"source,target\nAda,Ada ging\nalone\n", "en", "de", name="a.csv")
    assert (seen.form.name, len(seen.pairs), seen.links) == ("csv", 1, 0)
    assert seen.first()[0].target.words == ("Ada", "ging")
    assert seen.set_aside_bytes == b"alone\n"


def test_what_a_format_cannot_hold_is_left_out_and_listed() -> None:
    spaced = sentence_from_words(["New York"], "en", spans=[Span(0, 1, "LOC")], sentence_id="s2")
    torn = sentence_from_words(["a \ud800"], "zh", sentence_id="s3")
    exported = export_sentences([ONE, spaced, torn], "conll")
    assert [(one.number, one.id) for one in exported.left_out] == [(2, "s2"), (3, "s3")]
    assert (exported.written, exported.changes) == (1, [])
    assert (exported.file_name, exported.mime) == ("corpus.conll", "text/plain")
    assert exported.not_kept == ("text",)


def test_every_lost_entity_of_plain_text_is_listed() -> None:
    exported = export_sentences([ONE], "plain", stem="demo")
    assert [(one.number, one.id, one.before, one.reason) for one in exported.changes] == [
        (1, "s1", "PER [0, 1) 'Ada'", "the entity is lost"),
        (1, "s1", "LOC [2, 3) 'Turin'", "the entity is lost"),
    ]
    assert exported.file_name == "demo.txt"


@pytest.mark.parametrize("name", FORMATS.names())
def test_every_export_says_what_it_was_checked_with(name: str) -> None:
    exported = export_sentences([ONE], name)
    assert exported.checked_with
    assert exported.content
    assert exported.file_name.startswith("corpus.")
    assert export_sentences([], name).written == 0


def test_without_datasets_pyarrow_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "core.exchange.checks.hugging_face.find_spec",
        lambda name: None if name == "datasets" else found(name),
    )
    exported = export_sentences([ONE], "parquet")
    assert exported.checked_with.startswith("pyarrow ")
    assert exported.changes == []


@pytest.mark.parametrize("name", ["doccano", "label_studio"])
@pytest.mark.parametrize("options", [{}, {"offsets": "code-points"}, {"as_predictions": True}])
def test_offsets_after_an_emoji_are_checked(name: str, options: dict[str, object]) -> None:
    if any(key not in {one.name for one in FORMATS.parameters(name)} for key in options):
        pytest.skip(f"{name} has no such option")
    one = sentence("👩‍👩‍👧 in 🇩🇪 Ada", "en", (0, 1, "PER"), (2, 3, "LOC"), (3, 4, "PER"))
    exported = export_sentences([one], name, options)
    assert exported.changes == []
    choice = ",".join(f"{key}={value}" for key, value in options.items())
    seen = preview_import(exported.content, "en", form=f"{name}:{choice}")
    assert seen.sentences[0].spans == one.spans


def seen_as(one: Sentence, *spans: SeenSpan, **more: str) -> list[str]:
    """Return what is told of a sentence that a tool sees with other entities."""
    base = expected(one, "words")
    found = Seen(spans, more.get("words", base.words), more.get("text", one.text))  # type: ignore[arg-type]
    keeps = frozenset({"words", "text", "spans"})
    return [
        change.reason for change in compare([(1, one)], Reread((found,), "words", "x"), keeps=keeps)
    ]


def test_every_kind_of_change_is_told() -> None:
    first, second = expected(ONE, "words").spans
    assert seen_as(ONE, first, second) == []
    assert seen_as(ONE, first) == ["the entity is lost"]
    assert seen_as(ONE, replace(first, end=2), second) == ["the entity is elsewhere"]
    assert seen_as(ONE, replace(first, label="ORG"), second) == ["the entity has another class"]
    assert seen_as(ONE, replace(first, text="Adam"), second) == ["the entity covers another text"]
    assert seen_as(ONE, first, second, SeenSpan(1, 2, "X", "left")) == ["the entity is new"]
    assert seen_as(ONE, first, second, second) == ["an entity is there twice"]
    assert seen_as(ONE, first, second, text="other") == ["the text differs"]
    assert seen_as(ONE, first, second, words="ab") == ["the words differ"]
    keeps = frozenset({"spans"})
    nothing = Reread((), "words", "x")
    assert [one.reason for one in compare([(1, ONE)], nothing, keeps=keeps)] == ["is missing"]
    more = Reread((expected(ONE, "words"),), "words", "x")
    assert [one.reason for one in compare([], more, keeps=keeps)] == ["is one too many"]
    odd = Reread((replace(expected(ONE, "words"), problem="no"),), "words", "x")
    assert [one.reason for one in compare([(1, ONE)], odd, keeps=keeps)] == ["no"]


def test_the_command_converts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out, aside = tmp_path / "a.conll", tmp_path / "a.spacy", tmp_path / "aside"
    source.write_bytes(ROWS)
    words = ["convert", str(source), str(out), "--language", "en"]
    assert run_json(capsys, *words, exit_code=3)["error"] == "not-utf8"
    assert not out.exists()
    told = run_json(capsys, *words, "--skip-bad", "--aside", str(aside))
    assert (told["written"], told["to"], len(told["bad"])) == (2, "docbin", 2)
    assert aside.read_bytes().startswith(b"b\xf3se")
    back = ["convert", str(out), str(tmp_path / "b.txt"), "--language", "en", "--to", "plain"]
    told = run_json(capsys, *back)
    assert [one["reason"] for one in told["changes"]] == ["the entity is lost"] * 2


def test_the_command_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.conll"
    source.write_bytes(ROWS)
    told = run_json(capsys, "convert", str(source), "--check", "--language", "en", exit_code=3)
    assert (told["sentences"], [one["line"] for one in told["bad"]]) == (2, [4, 8])
    assert main(["convert", str(source), "--check", "--language", "en"]) == 3
    assert "a.conll:4: text must be UTF-8" in capsys.readouterr().out


def test_the_command_converts_parallel_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.csv"
    source.write_text("source,target\n=1+1,zwei\n")
    sides = ["--source", "en", "--target", "de"]
    tmx, tsv = str(tmp_path / "a.tmx"), str(tmp_path / "a.tsv")
    assert run_json(capsys, "convert", str(source), tmx, *sides)["to"] == "tmx"
    told = run_json(capsys, "convert", tmx, tsv, *sides)
    assert told["to"] == "csv(separator=tab)"
    assert len(told["changes"]) == 1
    assert run_json(capsys, "convert", tsv, "--check", *sides)["pairs"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ["a.conll", "b.conll"],
        ["a.conll", "b.conll", "--source", "en"],
        ["a.conll", "--language", "en"],
        ["a.conll", "b.conll", "--language", "en", "--source", "en", "--target", "de"],
        ["a.conll", "b.json", "--language", "en"],
    ],
)
def test_the_command_asks_for_what_is_missing(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.conll").write_bytes(b"Ada\tB-PER\n")
    assert run_json(capsys, "convert", *words, exit_code=2)["error"] == "bad-config"


def test_json_of_an_export_is_plain(tmp_path: Path) -> None:
    exported = export_sentences([ONE], "argilla")
    record = json.loads(exported.content)[0]
    assert record["suggestions"]["span"]["value"][0] == {"start": 0, "end": 3, "label": "PER"}
