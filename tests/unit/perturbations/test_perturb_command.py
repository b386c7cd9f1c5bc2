"""The command `perturb`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli import main
from core.questions.squad import read_squad
from tests.command_line import run_json

TEST = "Ana B-PER\nis O\nin O\nRome B-LOC\n\nNew B-LOC\nYork I-LOC\nis O\nbig O\n\n"
TRAIN = "He O\nsaw O\nRome B-LOC\n\n"


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    (tmp_path / "test.conll").write_text(TEST, encoding="utf-8")
    (tmp_path / "train.conll").write_text(TRAIN, encoding="utf-8")
    out = ["--language", "en", "--out", str(tmp_path / "out.conll")]
    return ["perturb", "--file", str(tmp_path / "test.conll"), *out]


def test_p1(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trained = ["--train-file", str(tmp_path / "train.conll")]
    changes = tmp_path / "changes.jsonl"
    data = run_json(capsys, *words, "--perturbation", "p1", *trained, "--changes", str(changes))
    assert data == {
        "sentences": 2,
        "format": data["format"],
        "perturbation": "p1",
        "seed": 0,
        "out": str(tmp_path / "out.conll"),
        "changes": 1,
        "unchanged": 1,
        "reasons": {"training lacks its entities already": 1},
        "notes": [],
    }
    assert (tmp_path / "out.conll").read_text(encoding="utf-8") == TEST.replace(
        "Rome B-LOC", "New B-LOC\nYork I-LOC"
    )
    change, unchanged = map(json.loads, changes.read_text(encoding="utf-8").splitlines())
    assert (change["kind"], change["before"], change["after"]) == (
        "change",
        ["Rome"],
        ["New", "York"],
    )
    assert unchanged == {
        "kind": "unchanged",
        "sentence": 1,
        "reason": "training lacks its entities already",
    }


def test_as_text_with_parameters(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ["--perturbation", "case", "--set", "to=upper", "--set", "where=entities"]
    assert main([*words, *chosen]) == 0
    said = capsys.readouterr().out
    assert "changes: 4" in said
    assert "1:0 PER Ana → ANA" in said


def test_another_format(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    data = run_json(
        capsys, *words, "--perturbation", "loc", "--to", "jsonl", "--out", str(out), "--seed", "4"
    )
    assert data["format"] == "jsonl"
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--perturbation", "p1"], "must know what was trained on"),
        (["--perturbation", "nonsense"], "perturbation must be one of b_per"),
        (["--perturbation", "case", "--seed", "-1"], "the seed must be 0 or more"),
        (["--perturbation", "case", "--set", "to=odd"], "to: "),
        (["--perturbation", "case", "--question-language", "de"], "must go with --questions"),
        (["--perturbation", "loc", "--questions"], "question perturbation must be one of"),
    ],
)
def test_choices_that_cannot_be(
    words: list[str], more: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, *more]) == 2
    assert message in capsys.readouterr().err


def test_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def paragraph(text: str, name: str, answer: str) -> dict[str, object]:
        answers = [{"text": answer, "answer_start": text.index(answer)}]
        return {"context": text, "qas": [{"id": name, "question": "Wer?", "answers": answers}]}

    paragraphs = [paragraph("Ada kam.", "a", "Ada"), paragraph("Rom ist alt.", "b", "Rom")]
    path, out = tmp_path / "q.json", tmp_path / "out.json"
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    data = run_json(
        capsys,
        *("perturb", "--questions", "--file", str(path), "--language", "de", "--out", str(out)),
        *("--perturbation", "distractors", "--set", "place=start"),
    )
    assert (data["contexts"], data["questions"], data["changes"]) == (2, 2, 2)
    found = read_squad(out)
    assert [one.text for one in found] == ["Rom ist alt. Ada kam.", "Ada kam. Rom ist alt."]
    assert found[0].questions[0].answers[0].char_start == 13
