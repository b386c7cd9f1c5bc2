"""The command `questions project`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli import main
from core.datasets import data_folder
from core.jobs import JobContext, heartbeat_of
from core.projected_questions.running import Done
from core.questions.squad import read_squad
from core.stages import Progress
from core.translators import TRANSLATORS
from tests.builders import need
from tests.command_line import run_json
from tests.evaluations import ended

TEXT = "Angela Merkel visited Paris in May. She liked the river."


def squad(path: Path) -> Path:
    answers = [{"text": "Paris", "answer_start": TEXT.index("Paris")}]
    qas = [{"id": f"q{i}", "question": "Where?", "answers": answers} for i in range(3)]
    data = {"data": [{"title": "T", "paragraphs": [{"context": TEXT, "qas": qas}]}]}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def words(source: Path, out: Path, *more: str) -> list[str]:
    files = ["--input", str(source), "--out", str(out)]
    return ["questions", "project", *files, "--target", "es", *more]


@pytest.mark.encoder
def test_a_file_is_projected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mt.tsv").write_text(
        "Angela Merkel visited Paris in May.\tEn mayo Angela Merkel visitó París.\n"
        "She liked the river.\tLe gustó el río.\nWhere?\t¿Dónde?\n",
        encoding="utf-8",
    )
    translator = ["--translator", "precomputed", "--set", f"translator.file={tmp_path / 'mt.tsv'}"]
    out = tmp_path / "es.json"
    data = run_json(capsys, *words(squad(tmp_path / "en.json"), out, *translator, "--limit", "2"))
    assert (data["questions"], data["projected"], data["finished"]) == (2, 2, True)
    assert "first 2 questions" in data["signature"]
    found = read_squad(out)[0]
    assert found.text == "En mayo Angela Merkel visitó París. Le gustó el río."
    assert [one.answers[0].text for one in found.questions] == ["París", "París"]
    assert found.questions[0].text == "¿Dónde?"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ([], "missing-stage"),
        (["--translator", "apertium", "--method", "markers"], "bad-config"),
        (["--translator", "apertium", "--limit", "0"], "bad-value"),
        (["--translator", "apertium", "--aligner", "eflomal"], "bad-config"),
    ],
)
def test_choices_that_cannot_work(
    more: list[str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "apertium" in more:
        need(TRANSLATORS, "apertium")
    source = squad(tmp_path / "en.json")
    result = main(words(source, tmp_path / "o.json", "--json", *more))
    told = json.loads(capsys.readouterr().out)
    if told["error"] == "missing-package":
        pytest.skip(told["message"])
    assert (result, told["error"]) == (2, code)
    assert not (tmp_path / "o.json.journal").exists()


def test_a_run_is_tended_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[JobContext] = []

    def enter(job: JobContext) -> JobContext:
        begun.append(job)
        return plainly(job)

    def project(*_: object, progress: Progress, **__: object) -> Done:
        progress("questions", 0, 1)
        assert len(begun) == 1
        return Done((), finished=False)

    plainly = JobContext.__enter__
    monkeypatch.setattr(JobContext, "__enter__", enter)
    monkeypatch.setattr("core.commands.questions.project_questions", project)
    translator = ["--translator", "precomputed", "--set", f"translator.file={tmp_path / 'mt.tsv'}"]
    (tmp_path / "mt.tsv").write_text("Where?\t¿Dónde?\n", encoding="utf-8")
    own = words(squad(tmp_path / "en.json"), tmp_path / "es.json", *translator)
    run = ended(own, {"task": "questions", "method": "heuristic"}, tmp_path / "runs")
    beat = heartbeat_of(run)
    assert beat is not None
    assert (beat.stage, len(begun)) == ("questions", 1)


@pytest.mark.encoder
@pytest.mark.real_data
def test_xquad_through_apertium(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    need(TRANSLATORS, "apertium")
    folder = data_folder()
    source = None if folder is None else folder / "xquad" / "xquad.en.json"
    if source is None or not source.is_file():
        pytest.skip("no xquad in the data folder")
    out, report = tmp_path / "es.json", tmp_path / "report.jsonl"
    more = ["--translator", "apertium", "--report", str(report), "--limit", "40"]
    data = run_json(capsys, *words(source, out, *more))
    assert data["questions"] == 40
    assert data["projected"] >= 38
    assert len(report.read_text(encoding="utf-8").splitlines()) == 41
    assert len([q for one in read_squad(out) for q in one.questions]) == data["projected"]
