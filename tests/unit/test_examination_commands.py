"""`evaluate --perturb`, `evaluate --questions` and `compare-seeds`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.cli import main
from core.datasets import data_folder
from core.evaluate.kept import KEPT
from core.evaluate.question_files import question_corpora
from core.jobs import result_of
from core.questions import Context
from tests.command_line import run_json
from tests.evaluations import ended, question_file

TEST = "Ana B-PER\nis O\nin O\nRome B-LOC\n\nNew B-LOC\nYork I-LOC\nis O\nbig O\n\n"
SQUAD = {
    "data": [
        {
            "title": "T",
            "paragraphs": [
                {
                    "context": "Ana is in Rome.",
                    "qas": [
                        {
                            "id": "a",
                            "question": "Where is Ana?",
                            "answers": [{"text": "Rome", "answer_start": 10}],
                        }
                    ],
                }
            ],
        }
    ]
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "test.conll").write_text(TEST, encoding="utf-8")
    (tmp_path / "train.conll").write_text("He O\nsaw O\nRome B-LOC\n\n", encoding="utf-8")
    (tmp_path / "gold.json").write_text(json.dumps(SQUAD), encoding="utf-8")
    return tmp_path


def tagger(folder: Path, *more: str) -> list[str]:
    test = f"en={folder / 'test.conll'}"
    return ["evaluate", "--test", test, "--tagger", "gold", *more]


def test_a_tagger_under_perturbations(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["--perturb", "case,typos,p1", "--seeds", "0,1", "--set", "perturbation.typos.share=1"]
    trained = ["--train-file", str(folder / "train.conll"), "--keep", str(folder / "kept")]
    data = run_json(capsys, *tagger(folder, *more, *trained))
    own = data["sets"]["en"]
    assert own["clean"]["overall"]["f1"] == data["overall"]["clean"]["f1"] == 1.0
    assert list(own["perturbed"]) == ["case", "typos", "p1"]
    assert own["perturbed"]["typos"]["drop_points"] == 0.0
    assert own["clean"]["overlap"]["share"] == pytest.approx(1 / 3)
    assert own["perturbed"]["p1"]["by_seed"]["0"]["overlap"]["share"] == 0.0
    assert "typos(typos.share=1)" in data["signature"].replace("case,typos,p1", "typos")
    kept = sorted(path.name for path in (folder / "kept").iterdir())
    assert len(kept) == 14
    assert kept[0] == "en.case.0.found.conll"
    assert main(tagger(folder, *more, *trained)) == 0
    said = capsys.readouterr().out
    assert "seen in training: 33.3 % of 3 entities" in said


def test_a_folder_keeps_the_sets_of_the_last_examination(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPANBRIDGE_RUNS", str(folder / "runs"))
    kept = ["--keep", str(folder / "kept")]
    assert main(tagger(folder, "--perturb", "case", *kept)) == 0
    capsys.readouterr()
    other = ["evaluate", "--test", f"es={folder / 'test.conll'}", *kept, "--tagger"]
    missing = [*other, "run:none", "--set", "labels=PER"]  # takes nothing away
    assert run_json(capsys, *missing, exit_code=4)["error"] == "model-not-found"
    assert len(list((folder / "kept").iterdir())) == 4
    assert main([*other, "gold"]) == 0
    names = sorted(path.name for path in (folder / "kept").iterdir())
    assert names == ["es.found.conll", "es.gold.conll"]


def test_all_leaves_out_what_cannot_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = run_json(capsys, *tagger(folder, "--perturb", "all"))
    assert {"p1", "p2", "p3"} <= set(data["left_out"])
    assert "case" in data["sets"]["en"]["perturbed"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--perturb", "p1"], "bad-config"),
        (["--perturb", "nonsense"], "unknown-name"),
        (["--seeds", "0,0"], "bad-value"),
        (["--seeds", "x"], "bad-value"),
        (["--test", "test.conll"], "bad-config"),
        (["--set", "aligner.share=1"], "unknown-name"),
        (["--set", "perturbation.typos.share=1"], "unknown-name"),
    ],
)
def test_choices_that_cannot_work(
    more: list[str], code: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_json(capsys, *tagger(folder, *more), exit_code=2)["error"] == code


def test_a_test_set_without_gold_is_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "test.conll").write_text("Ana O\n\n", encoding="utf-8")
    assert run_json(capsys, *tagger(folder), exit_code=3)["error"] == "missing-gold"


def test_predictions_of_questions(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["evaluate", "--questions", "--test", f"en={folder / 'gold.json'}"]
    words += ["--predictions", str(folder / "p"), "--perturb", "typos,distractors"]
    (folder / "p").mkdir()
    assert run_json(capsys, *words, exit_code=3)["error"] == "not-parallel"
    (folder / "p" / "en.json").write_text('{"a": "Rome"}')
    (folder / "p" / "en.typos.0.json").write_text('{"a": "in Rome"}')
    data = run_json(capsys, *words)
    own = data["sets"]["en"]
    assert own["clean"]["f1"] == 100.0
    assert own["perturbed"]["typos"]["f1"]["mean"] == pytest.approx(200 / 3)
    assert own["perturbed"]["typos"]["drop_points"] == pytest.approx(100 / 3)
    assert own["unanswered"] == ["distractors"]
    assert data["g_xlt"]["pairings"] == 1
    assert main(words) == 0
    assert "without predictions: distractors" in capsys.readouterr().out
    assert run_json(capsys, *words[:4], exit_code=2)["error"] == "bad-config"


def test_answers_of_a_folder_are_kept_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["evaluate", "--questions", "--test", f"en={folder / 'gold.json'}"]
    words += ["--predictions", str(folder / "p")]
    (folder / "p").mkdir()
    (folder / "p" / "en.json").write_text('{"a": "Rome"}')
    same = run_json(capsys, *words, "--keep", str(folder / "." / "p"), exit_code=2)
    assert same["error"] == "bad-config"
    assert main([*words, "--keep", str(folder / "kept")]) == 0
    assert sorted(path.name for path in (folder / "kept").iterdir()) == ["en.json", "gold.en.json"]


def test_answers_to_other_questions_belong_to_a_limit_only(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", "--questions", "--test", f"en={folder / 'gold.json'}"]
    words += ["--predictions", str(folder / "p"), "--keep", str(folder / "kept")]
    (folder / "p").mkdir()
    (folder / "p" / "en.json").write_text('{"a": "Rome", "b": "Oslo"}')
    assert run_json(capsys, *words, exit_code=3)["error"] == "not-parallel"
    assert list((folder / "kept").iterdir()) == []
    assert run_json(capsys, *words, "--limit", "1")["sets"]["en"]["clean"]["f1"] == 100.0
    (folder / "p" / "en.json").write_text('{"b": "Oslo"}')
    assert run_json(capsys, *words, "--limit", "1", exit_code=3)["error"] == "not-parallel"


def test_a_limit_is_a_number_of_questions(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = question_file(folder / "gold.json")  # contexts of two questions
    (folder / "p").mkdir()
    (folder / "p" / "en.json").write_text('{"who0": "ada", "who1": "ada", "where1": "rome"}')
    words = ["evaluate", "--questions", "--test", f"en={file}", "--predictions", str(folder / "p")]
    clean = run_json(capsys, *words, "--limit", "3")["sets"]["en"]["clean"]
    assert (clean["questions"], clean["missing"]) == (3, 1)
    assert clean["exact_match"] == pytest.approx(100 / 3)


def test_a_model_that_answers(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Model:
        def answer(self, contexts: Sequence[Context]) -> dict[str, str]:
            return {one.id: "Rome" for context in contexts for one in context.questions}

    monkeypatch.setattr("core.training.answering.load_answerer", lambda name: Model())
    words = ["evaluate", "--questions", "--test", f"en={folder / 'gold.json'}", "--perturb", "all"]
    for name in ("a", "b"):
        data = run_json(capsys, *words, "--model", "m", "--keep", str(folder / name))
    assert data["sets"]["en"]["clean"]["exact_match"] == 100.0
    assert set(data["sets"]["en"]["perturbed"]) == {"typos", "distractors", "entity_swap"}
    runs = ["--questions", "--run", f"x={folder / 'a'}", "--run", f"y={folder / 'b'}"]
    compared = run_json(capsys, *compare(folder, *runs))
    assert list(compared["sets"]) == ["en", "en.entity_swap"]
    # So few words and contexts have neither a typing error nor a distractor.
    assert set(compared["left_out"]) == {"en.distractors", "en.typos"}
    assert compared["sets"]["en"]["methods"]["x"]["mean"] == 1.0


@pytest.mark.real_data
def test_the_published_figures_of_mlqa(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = data_folder()
    source = None if root is None else root / "mlqa" / "unicoder-dev.de.predictions.json"
    if root is None or source is None or not source.is_file():
        pytest.skip("no mlqa in the data folder")
    (tmp_path / "de.json").write_bytes(source.read_bytes())
    words = ["evaluate", "--questions", "--test", str(root / "mlqa")]
    data = run_json(capsys, *words, "--predictions", str(tmp_path))
    assert data["xlt"]["f1"] == pytest.approx(63.937, abs=5e-4)
    assert data["xlt"]["exact_match"] == pytest.approx(48.24, abs=5e-3)


def compare(folder: Path, *more: str) -> list[str]:
    return ["compare-seeds", "--resamples", "200", *more]


def test_files_of_several_seeds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.conll").write_text(TEST.replace("B-PER", "O"), encoding="utf-8")
    good, bad = folder / "test.conll", folder / "bad.conll"
    runs = [f"plain={bad}", f"plain={good}", f"fgm={good}", f"fgm={good}"]
    words = compare(folder, *(word for run in runs for word in ("--run", run)))
    words += ["--gold", str(good)]
    data = run_json(capsys, *words)
    own = data["sets"]["test"]
    assert own["methods"]["fgm"]["mean"] == 1.0
    assert own["methods"]["plain"]["by_seed"] == {"0": 0.8, "1": 1.0}
    assert own["methods"]["plain"]["sd"] == pytest.approx(0.1414, abs=1e-4)
    assert own["comparisons"][0]["difference"] == pytest.approx(0.1)
    assert main(words) == 0
    assert "plain            F1 90.00 ± 14.14 (2 seeds)" in capsys.readouterr().out


def test_gold_files_of_one_name_are_told_apart(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = ["--counts", str(folder / "counts")]
    for method, text in (("plain", TEST), ("fgm", TEST.replace("Ana", "Eva"))):
        gold = folder / method / "test.conll"
        gold.parent.mkdir()
        gold.write_text(text, encoding="utf-8")
        assert main(compare(folder, "--run", f"{method}={gold}", "--gold", str(gold), *counts)) == 0
    capsys.readouterr()
    runs = [f"--run={one}={folder / 'counts' / f'{one}-0.npz'}" for one in ("plain", "fgm")]
    assert main(compare(folder, *runs)) == 3
    assert "the runs saw different texts under this name" in capsys.readouterr().err


def test_answers_to_a_gold_file_are_counted_by_a_language(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "p.json").write_text('{"a": "Rome"}')
    words = compare(folder, "--questions", "--language", "de", "--gold", str(folder / "gold.json"))
    found = run_json(
        capsys, *words, "--run", f"x={folder / 'p.json'}", "--counts", str(folder / "counts")
    )
    assert "|language:de|" in found["signature"]
    again = compare(folder, "--questions", "--run", f"x={folder / 'counts' / 'x-0.npz'}")
    assert run_json(capsys, *again, "--language", "de")["sets"] == found["sets"]
    assert run_json(capsys, *again, "--language", "es", exit_code=3)["error"] == "bad-value"


def test_every_class_that_is_named_is_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.conll").write_text(TEST.replace("B-LOC", "O"), encoding="utf-8")
    words = compare(folder, "--run", f"a={folder / 'bad.conll'}", "--labels", "PER, LOC")
    words += ["--gold", str(folder / "test.conll"), "--counts", str(folder / "counts")]
    assert run_json(capsys, *words)["sets"]["test"]["methods"]["a"]["mean"] < 1
    counted = compare(folder, "--run", f"a={folder / 'counts' / 'a-0.npz'}", "--labels", "PER,LOC")
    assert main(counted) == 0


def test_counts_without_text_serve_as_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.conll").write_text(TEST.replace("B-PER", "O"), encoding="utf-8")
    good, bad = folder / "test.conll", folder / "bad.conll"
    named = ("--run", f"plain={bad}", "--run", f"fgm={good}")
    words = compare(folder, *named, "--gold", str(good), "--counts", str(folder / "counts"))
    before = run_json(capsys, *words)
    kept = [f"{one}={folder / 'counts' / f'{one}-0.npz'}" for one in ("plain", "fgm")]
    after = run_json(capsys, *compare(folder, "--run", kept[0], "--run", kept[1]))
    assert after["sets"] == before["sets"]
    assert b"Ana" not in (folder / "counts" / "plain-0.npz").read_bytes()
    words = compare(folder, "--run", kept[0], "--run", kept[1], "--labels", "PER")
    assert main(words) == 3
    assert "counts must be of" in capsys.readouterr().err


def test_folders_of_kept_sets(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["--perturb", "typos,case", "--seeds", "0,1", "--keep"]
    for name in ("a", "b"):
        assert main(tagger(folder, *more, str(folder / name))) == 0
    capsys.readouterr()
    words = compare(folder, "--run", f"x={folder / 'a'}", "--run", f"y={folder / 'b'}")
    data = run_json(capsys, *words, "--baseline", "x")
    assert list(data["sets"]) == ["en", "en.case"]
    assert data["family"] == 2
    assert data["left_out"]["en.typos"].startswith("the perturbation changed nothing")
    assert {one["units"] for one in data["sets"].values()} == {2}
    assert data["sets"]["en.case"]["changes"]["y"] == {
        "mean": 0.0,
        "sd": None,
        "low": 0.0,
        "high": 0.0,
        "seeds": 1,
    }
    assert main([*words, "--run", f"z={kept_clean(folder)}"]) == 0
    said = capsys.readouterr().out
    assert "left out en.typos: only 2 of 3 runs have it" in said


def kept_clean(folder: Path) -> Path:
    assert main(tagger(folder, "--keep", str(folder / "c"))) == 0
    return folder / "c"


def test_a_run_keeps_its_sets_in_its_own_folder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tagger(folder, "--perturb", "case")
    run = ended(words, {"task": "evaluate", "method": "gold"}, folder / "runs")
    kept = sorted(path.name for path in (run.folder / "artefacts" / KEPT).iterdir())
    names = ("en.case.0.found", "en.case.0.gold", "en.found", "en.gold")
    assert kept == [f"{name}.conll" for name in names]
    found = result_of(run)
    assert found is not None
    assert found["sets"]["en"]["clean"]["overall"]["f1"] == 1.0


def test_questions_of_a_named_corpus(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPANBRIDGE_DATA", str(folder / "data"))
    words = ["evaluate", "--questions", "--predictions", str(folder / "p")]
    assert run_json(capsys, *words, "--test", "xquad", exit_code=2)["error"] == "bad-config"
    files = ["xquad/xquad.es.json", "xquad/xquad.en.json", "xquad/README.json"]
    files += [f"mlqa/{split}-context-de-question-en.json" for split in ("dev", "test")]
    for file in files:
        (folder / "data" / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / "data" / file).write_text(json.dumps(SQUAD))
    (folder / "p").mkdir()
    for name in ("es", "en", "de-en"):
        (folder / "p" / f"{name}.json").write_text('{"a": "Rome"}')
    data = run_json(capsys, *words, "--test", "xquad", "--test", "mlqa/dev")
    assert list(data["sets"]) == ["en", "es", "de-en"]
    assert (data["xlt"]["pairings"], data["g_xlt"]["pairings"]) == (2, 3)
    assert list(question_corpora()) == ["mlqa/test", "mlqa/dev", "xquad"]
    (folder / "data" / files[-1]).unlink()
    assert list(question_corpora()) == ["mlqa/dev", "xquad"]


@pytest.mark.parametrize(
    ("more", "exit_code", "code"),
    [
        (["--run", "nonsense"], 2, "bad-config"),
        (["--run", "a/0=x", "--run", "a/0=y"], 2, "bad-value"),
        (["--run", "a=test.conll"], 2, "bad-config"),
        (["--run", "a=none.conll", "--gold", "none.conll"], 3, "file-not-found"),
    ],
)
def test_runs_that_cannot_be_compared(
    more: list[str],
    exit_code: int,
    code: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_json(capsys, *compare(folder, *more), exit_code=exit_code)["error"] == code


def test_predictions_for_other_sentences_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = compare(folder, "--run", f"a={folder / 'train.conll'}")
    data = run_json(capsys, *words, "--gold", str(folder / "test.conll"), exit_code=3)
    assert data["error"] == "not-parallel"
