"""The command `qa-score`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from tests.command_line import run_json


def gold(path: Path, **answers: str) -> Path:
    text = " ".join(answers.values())
    qas = [
        {
            "id": name,
            "question": "?",
            "answers": [{"text": answer, "answer_start": text.index(answer)}],
        }
        for name, answer in answers.items()
    ]
    return write(path, {"data": [{"paragraphs": [{"context": text, "qas": qas}]}]})


def write(path: Path, content: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def words(gold_path: Path, predictions: Path, *more: str) -> list[str]:
    return ["qa-score", "--gold", str(gold_path), "--predictions", str(predictions), *more]


def test_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold_path = gold(tmp_path / "gold.json", a="die Katze", b="Hund")
    predictions = write(tmp_path / "p.json", {"a": "Katze"})
    data = run_json(capsys, *words(gold_path, predictions, "--language", "de"))
    assert data.pop("signature").startswith("metric:mlqa|answers:de|gold:gold.json|version:")
    assert data == {
        "language": "de",
        "f1": 50.0,
        "exact_match": 50.0,
        "questions": 2,
        "missing": 1,
        "skipped": 0,
    }
    assert main(words(gold_path, predictions, "--language", "de")) == 0
    said = capsys.readouterr().out
    assert "F1 50.000, exact match 50.00 over 2 questions, 1 without a prediction" in said


def test_the_language_is_that_of_the_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold_path = gold(tmp_path / "gold.json", a="die Katze")
    predictions = write(tmp_path / "p.json", {"a": "Katze"})
    data = run_json(capsys, *words(gold_path, predictions, "--language", "en"))
    assert (data["f1"], data["exact_match"]) == (pytest.approx(200 / 3), 0.0)


def test_other_predictions_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold_path = gold(tmp_path / "gold.json", a="rot", b="blau")
    first = write(tmp_path / "p.json", {"a": "rot", "b": "gelb"})
    second = write(tmp_path / "s.json", {"a": "rot", "b": "blau"})
    more = ("--language", "de", "--compare", str(second))
    other = run_json(capsys, *words(gold_path, first, *more))["compare"][str(second)]
    assert (other["f1"], other["exact_match"]) == (100.0, 100.0)
    assert other["difference"]["difference"] == 0.5
    assert main(words(gold_path, first, *more)) == 0
    assert "F1 100.000, difference +50.000, p = " in capsys.readouterr().out


def test_questions_left_out_take_their_predictions_along(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold_path = gold(tmp_path / "gold.json", a="rot", b="blau")
    content: dict[str, Any] = json.loads(gold_path.read_text())
    qas = content["data"][0]["paragraphs"][0]["qas"]
    qas[1]["answers"][0]["answer_start"] = 1
    qas.append(qas[0])  # an id again: the first one counts
    write(gold_path, content)
    predictions = write(tmp_path / "p.json", {"a": "rot", "b": "blau"})
    more = ("--language", "de")
    assert run_json(capsys, *words(gold_path, predictions, *more), exit_code=3)["error"] == (
        "bad-annotation"
    )
    data = run_json(capsys, *words(gold_path, predictions, *more, "--skip-bad"))
    assert (data["f1"], data["questions"], data["missing"], data["skipped"]) == (100.0, 1, 0, 2)
    assert main(words(gold_path, predictions, *more, "--skip-bad")) == 0
    assert "left out 2 malformed questions:" in capsys.readouterr().out


def test_a_folder_of_pairings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, predictions = tmp_path / "gold", tmp_path / "predicted"
    for pairing in ("de-question-de", "de-question-en", "en-question-de"):
        gold(folder / f"dev-context-{pairing}.json", a="die Katze")
    for pairing in ("de-question-de", "de-question-en"):
        text = "Katze" if pairing == "de-question-de" else "Hund"
        write(predictions / f"dev-context-{pairing}.json", {"a": text})
    data = run_json(capsys, *words(folder, predictions))
    rows = [(row["context"], row["question"], row["f1"]) for row in data["pairings"]]
    assert rows == [("de", "de", 100.0), ("de", "en", 0.0)]
    assert data["xlt"] == {"f1": 100.0, "exact_match": 100.0, "pairings": 1}
    assert data["g_xlt"] == {"f1": 50.0, "exact_match": 50.0, "pairings": 2}
    assert data["without_predictions"] == ["dev-context-en-question-de.json"]
    assert main(words(folder, predictions)) == 0
    assert "G-XLT: mean F1 50.000, exact match 50.00 of 2 pairings" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "code"), [(("--language", "de"), "bad-value"), (("--split", ""), "bad-value")]
)
def test_choices_a_folder_cannot_have(
    more: tuple[str, ...], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold(tmp_path / "gold" / "dev-context-de-question-de.json", a="x")
    data = run_json(capsys, *words(tmp_path / "gold", tmp_path / "none", *more), exit_code=2)
    assert data["error"] == code


def test_a_file_needs_its_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold_path = gold(tmp_path / "gold.json", a="x")
    data = run_json(capsys, *words(gold_path, tmp_path / "p.json"), exit_code=2)
    assert data["error"] == "unknown-language"


def test_predictions_for_another_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold_path = gold(tmp_path / "gold.json", a="x")
    predictions = write(tmp_path / "p.json", {"z": "x"})
    data = run_json(capsys, *words(gold_path, predictions, "--language", "de"), exit_code=3)
    assert data["error"] == "not-parallel"
