"""`pipeline`: from text in one language to its entities, as a script would use it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.config import ComponentChoice
from core.methods import method
from core.raw_text import read_text
from core.stage_choice import missing_stages, wants_tagger, with_stages

needs_apertium = pytest.mark.skipif(
    shutil.which("apertium") is None, reason="no apertium: apt-get install apertium-eng-spa"
)
SPANISH = "Ada Lovelace vive en Londres.\n\nLlueve."
TRANSFER = ("--from", "es", "--method", "model_transfer")


def run_json(capsys: pytest.CaptureFixture[str], *words: str, exit_code: int = 0) -> dict[str, Any]:
    assert main(["pipeline", *words, "--json"]) == exit_code
    parsed = json.loads(capsys.readouterr().out)
    assert isinstance(parsed, dict)
    return parsed


@needs_apertium
@pytest.mark.encoder
def test_text_becomes_entities(capsys: pytest.CaptureFixture[str]) -> None:
    data = run_json(capsys, "--text", SPANISH, "--from", "es")
    first, second = data["sentences"]
    assert first["projected"] == "[PER Ada Lovelace] vive en [LOC Londres]."
    assert "[LOC London]" in first["source"]
    assert (first["id"], second["id"]) == ("1", "3")
    assert second["projected"] == "Llueve."
    assert (data["entities"], data["failed"]) == (2, 0)
    assert "translator:apertium|labeller:default" in data["signature"]
    assert "corpus:text/en-es" in data["signature"]
    assert "scores" not in data


@needs_apertium
@pytest.mark.encoder
def test_people_see_translation_and_labels(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", "--text", SPANISH, "--from", "es"]) == 0
    shown = capsys.readouterr().out
    assert "1  [PER Ada Lovelace] vive en [LOC Londres]." in shown
    assert "translation: Ada Lovelace lives in London." in shown
    assert "labelled:    [PER Ada Lovelace] lives in [LOC London]." in shown
    assert "sentences: 2, entities: 2, failed: 0" in shown


@pytest.mark.encoder
def test_gold_of_a_file_is_kept_aside_and_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.conll"
    path.write_text("Ada B-PER\nvive O\nen O\nLondres B-LOC\n", encoding="utf-8")
    data = run_json(capsys, "--file", str(path), *TRANSFER)
    assert data["sentences"][0]["gold"] == "[PER Ada] vive en [LOC Londres]"
    assert data["scores"]["overall"]["support"] == 2
    assert main(["pipeline", "--file", str(path), *TRANSFER]) == 0
    assert "support" in capsys.readouterr().out


@pytest.mark.encoder
def test_the_result_can_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.conll"
    data = run_json(capsys, "--text", "Ada vive en Londres.", *TRANSFER, "--out", str(out))
    assert data["out"] == {"out": str(out), "written": 1}
    assert "Londres\tB-LOC" in out.read_text(encoding="utf-8")


@needs_apertium
@pytest.mark.encoder
def test_a_failed_sentence_is_shown_as_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demands = [f"projector.{key}" for key in ("sense=exactly", "n=9", "strict=true")]
    strict = [word for demand in demands for word in ("--set", demand)]
    words = ["--text", SPANISH, "--from", "es", *strict, "--out", str(tmp_path / "o.conll")]
    data = run_json(capsys, *words)
    assert data["failed"] == 1
    assert data["sentences"][0]["projected"] is None
    assert data["sentences"][0]["failure"]["code"] == "infeasible"
    assert data["out"]["failed_path"] == str(tmp_path / "o.failed.jsonl")
    assert main(["pipeline", *words]) == 0
    shown = capsys.readouterr().out
    assert "1  FAILED in match [infeasible]" in shown
    assert "text:        Ada Lovelace vive en Londres." in shown


@pytest.mark.real_data
@needs_apertium
@pytest.mark.encoder
def test_a_corpus_without_source_is_translated_and_scored(
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = run_json(capsys, "--corpus", "uner-hr", "--from", "hr", "--limit", "3")
    assert len(data["sentences"]) == 3
    assert data["scores"]["overall"]["f1"] > 0.5
    assert "corpus:uner-hr/en-hr/first 3" in data["signature"]


@pytest.mark.parametrize(
    ("words", "exit_code", "error"),
    [
        (["--text", "a"], 2, "bad-config"),
        (["--from", "es"], 2, "bad-config"),
        (["--text", "a", "--corpus", "demo", "--from", "es"], 2, "bad-config"),
        (["--text", "a", "--from", "not a language"], 2, "unknown-language"),
        (["--text", " \n ", "--from", "es"], 3, "empty-corpus"),
        (["--file", "/no/such/file", "--from", "es"], 3, "file-not-found"),
        (["--text", "a", "--from", "es", "--translator", "x"], 2, "unknown-name"),
        (["--text", "a", "--from", "es", "--labeller", "x"], 2, "unknown-name"),
    ],
)
def test_bad_choices_are_told(
    words: list[str], exit_code: int, error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = run_json(capsys, *words, exit_code=exit_code)
    assert data["error"] == error


@pytest.mark.parametrize("translator", [(), ("--translator", "apertium")])
def test_a_language_that_cannot_be_translated_is_told_with_a_way_out(
    translator: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    data = run_json(
        capsys, "--text", "Juma anaishi Nairobi.", "--from", "sw", *translator, exit_code=2
    )
    assert data["error"] in ("unknown-language", "missing-package")
    assert "translated from sw into en" in data["message"]
    assert "model_transfer" in data["hint"]


def test_without_the_program_the_way_out_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    data = run_json(capsys, "--text", "Ada", "--from", "es", exit_code=2)
    assert data["error"] == "missing-package"
    assert "apt-get install" in data["hint"]


def test_only_what_is_missing_is_chosen() -> None:
    pairs = read_text("Ada", language="es", source_language="en").pairs
    assert missing_stages(method("default"), pairs) == ("translator", "labeller")
    assert missing_stages(method("model_transfer"), pairs) == ()
    assert with_stages(method("model_transfer"), pairs) == method("model_transfer")


def test_a_tagger_is_wanted_where_something_looks_at_its_tags() -> None:
    assert wants_tagger(method("model_transfer"))
    assert not wants_tagger(method("default"))
    tagged = method("default").model_copy(update={"candidates": (ComponentChoice(name="ner"),)})
    assert wants_tagger(tagged)
