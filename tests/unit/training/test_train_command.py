"""`train`: what is asked for, data of all kinds, and runs that are stopped and resumed."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.cli import main
from core.commands._train_options import spec_from
from core.commands.train import add_arguments, plan_training
from core.config import ComponentChoice
from core.encoders.tagger import load_tagger
from core.errors import ConfigError
from core.jobs import Run, find, heartbeat_of, list_runs, metrics_after, resume, stop
from core.jobs._processes import end
from core.jobs.comparing import series
from core.perturbations import PERTURBATIONS
from core.training.augmenting import augmentation_names
from core.training.estimate import DataSize, estimate, sentences_size
from core.training.ner import NerRecipe
from core.training.spec import TrainingSpec, file_hash, recipe_fields
from tests.builders import sentence
from tests.command_line import run_json
from tests.unit.training.conftest import write_data


def _spec(*words: str) -> TrainingSpec:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return spec_from(parser.parse_args(words))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "runs"
    monkeypatch.setenv("SPANBRIDGE_RUNS", str(folder))
    yield folder
    for run in list_runs(folder):
        status = run.status
        assert not end(status.pid, status.started, status.token, grace=0)


@pytest.mark.parametrize(
    "words",
    [
        ["ner"],
        ["--train-file", "a.conll", "--dev-file", "b.conll", "--language", "de"],
        ["ner", "--data", "a", "--data", "b", "--weight", "2", "--weight", "0.5"],
        ["ner", "--data", "a", "--data", "b", "--language", "en", "--language", "es"],
        ["ner", "--method", "fgm:radius=0.5", "--set", "method.radius=0.7", "--labels", "PER,LOC"],
        ["qa", "--method", "agreement", "--full", "--updates", "30", "--dev", "none"],
        ["qa", "--augment", "typos:share=0.3", "--augment", "distractors", "--limit", "9"],
        ["ner", "--rank", "4", "--precision", "fp32", "--set", "masked=0.2", "--seed", "9"],
        ["qa", "--data", "x.json", "--question-language", "de", "--skip-bad", "--dev-limit", "3"],
    ],
)
def test_what_is_asked_for_is_a_command_line_and_back(words: list[str]) -> None:
    spec = _spec(*words)
    told = spec.words()
    assert told[0] == "train"
    assert _spec(*told[1:]) == spec
    json.dumps(spec.config())


def test_choices_that_cannot_be_are_refused(
    tmp_path: Path, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, _ = write_data(tmp_path)
    common = ["train", "ner", "--data", file, "--dev", "none", "--set", f"base={base}"]
    for words, code in (
        (["--out", "x", "--method", "fgmm"], "unknown-name"),
        (["--out", "x", "--method", "fgm", "--set", "method.eps=1"], "unknown-name"),
        (["--out", "x", "--set", "radius=1"], "unknown-name"),
        (["--out", "x", "--augment", "p1"], "unknown-name"),
        (["--out", "x", "--weight", "0"], "bad-value"),
        (["--out", "x", "--weight", "1", "--weight", "2"], "bad-config"),
        (["--out", "x", "--limit", "-1"], "bad-value"),
        (["--out", "x", "--dev-limit", "0"], "bad-value"),
        ([], "bad-value"),
    ):
        assert run_json(capsys, *common, *words, exit_code=2)["error"] == code, words
    with pytest.raises(ConfigError):
        _spec("ner", "--epochs", "0")


def test_the_forms_know_all_there_is() -> None:
    for task in ("ner", "qa"):
        assert all(one.help for one in recipe_fields(task))
    assert "entity_swap" in augmentation_names("ner")
    assert set(augmentation_names("ner")) - set(PERTURBATIONS.names()) == {"entity_swap"}


def test_mixed_and_augmented_data_with_a_record(
    tmp_path: Path, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, _ = write_data(tmp_path)
    # as `project` writes it: a sentence that failed has no spans
    records = [
        {"words": ["ben", "saw", "oslo"], "spans": [{"start": 0, "end": 1, "label": "PER"}]},
        {"words": ["ada"], "spans": None, "failure": {"stage": "project", "reason": "no link"}},
    ]
    projected = tmp_path / "projected.jsonl"
    projected.write_text("\n".join(map(json.dumps, records)) + "\n", encoding="utf-8")
    words = ["train", "ner", "--data", file, "--data", str(projected), "--weight", "1"]
    words += ["--weight", "3", "--language", "en", "--language", "es", "--dev", file]
    words += ["--labels", "PER", "--skip-bad", "--updates", "4", "--batch", "4", "--rank", "2"]
    words += ["--augment", "entity_swap", "--augment", "case", "--set", f"base={base}"]
    told = run_json(capsys, *words, "--out", str(tmp_path / "out"))
    assert told["skipped"] == 1
    assert told["updates"] == 4
    assert told["sentences"] > 26
    assert load_tagger(str(tmp_path / "out"), "cpu").names == ("O", "B-PER", "I-PER")
    record = json.loads((tmp_path / "out" / "training.json").read_text())
    assert record["data_sha256"][file] == file_hash(Path(file))
    assert record["config"]["augment"] == "entity_swap+case"
    assert record["seed"] == 1
    assert record["packages"]["torch"]
    assert not list((tmp_path / "out" / "checkpoints").iterdir())


def test_a_training_that_is_refused_leaves_the_record_of_the_model_that_is_there(
    tmp_path: Path, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, _ = write_data(tmp_path)
    out = tmp_path / "out"
    words = ["train", "ner", "--data", file, "--dev", "none", "--set", f"base={base}"]
    words += ["--rank", "2", "--updates", "9", "--set", "judge_every=100", "--out", str(out)]
    run_json(capsys, *words)
    before = {path.name: path.read_bytes() for path in out.glob("*.json")}
    assert json.loads(before["training.json"])["config"]["learning_rate"] is None
    refused = [*words, "--learning-rate", "1e30", "--set", "clip=1e30", "--precision", "fp32"]
    assert run_json(capsys, *refused, exit_code=2)["error"] == "bad-value"
    assert {path.name: path.read_bytes() for path in out.glob("*.json")} == before


def test_a_folder_that_cannot_be_made_is_told_before_any_step(
    tmp_path: Path, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, _ = write_data(tmp_path)
    words = ["train", "ner", "--data", file, "--dev", "none", "--set", f"base={base}"]
    told = run_json(capsys, *words, "--out", file, exit_code=5)
    assert told["error"] == "store-unreachable"
    assert f"the folder for the model must be usable, got: File exists at {file}" == told["message"]


def test_sentences_that_lose_their_tail_are_counted(
    tmp_path: Path, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "long.conll"
    long = "ada B-PER\n" + "saw O\n" * 8 + "\n"
    file.write_text(long * 2 + long.replace("saw O\n", "", 1), encoding="utf-8")
    words = ["train", "ner", "--data", str(file), "--dev", "none", "--set", f"base={base}"]
    words += ["--set", "longest=8", "--updates", "1", "--rank", "2", "--out", str(tmp_path / "o")]
    assert run_json(capsys, *words)["cut_sentences"] == 2
    assert json.loads((tmp_path / "o" / "training.json").read_text())["cut_examples"] == 2
    assert main([*words, "--quiet"]) == 0
    assert "2 sentences were too long and lost their tail" in capsys.readouterr().out


def test_a_plan_says_what_it_needs(tmp_path: Path, base: Path) -> None:
    file, squad = write_data(tmp_path)
    common = ["--dev", "none", "--set", f"base={base}"]
    plan, adapter = plan_training(_spec("ner", "--data", file, "--epochs", "2", *common))
    assert plan.data == {file: file_hash(Path(file))}
    assert plan.seed == 1
    assert adapter.updates == 2
    assert plan.needs.memory_bytes > plan.needs.disk_bytes > 0
    _, full = plan_training(_spec("qa", "--data", squad, "--full", *common))
    _, three = plan_training(_spec("qa", "--data", squad, "--full", "--method", "pgd", *common))
    assert full.disk_bytes > adapter.disk_bytes
    assert three.seconds > full.seconds > 0


def test_a_run_is_started_stopped_and_resumed(
    root: Path, tmp_path: Path, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, _ = write_data(tmp_path)
    words = ["train", "ner", "--data", file, "--dev", file, "--set", f"base={base}", "--batch", "4"]
    words += ["--method", "fgm", "--rank", "2", "--set", "save_every=25", "--updates", "150"]
    words += ["--set", "judge_every=100000", "--name", "mine"]
    told = run_json(capsys, *words, "--detach")
    assert told["state"] == "running"
    assert told["estimate"]["updates"] == 150
    run = find("mine")
    assert (run.plan.seed, run.plan.config["method"]) == (1, "fgm")
    _until(lambda: len(metrics_after(run)[0]) > 2, run)
    begun = time.monotonic()
    stopped = stop("mine")
    assert stopped.state == "stopped"
    assert stopped.status.reason == ""  # it ended by itself
    assert time.monotonic() - begun < 8
    beat = heartbeat_of(stopped)
    assert beat is not None
    assert (beat.stage, beat.total) == ("train", 150)
    assert 0 < beat.done < 150
    assert list((run.folder / "artefacts" / "checkpoints").glob("*.pt"))
    resume("mine")
    _until(lambda: find(run.id).state != "running", run)
    assert find(run.id).state == "done", (run.folder / "log.txt").read_text()
    _check(find(run.id))


def _until(holds: Callable[[], bool], run: Run) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, (run.folder / "log.txt").read_text()
        time.sleep(0.05)


def _check(run: Run) -> None:
    records, _ = metrics_after(run)
    found = series(records)
    assert {record["attempt"] for record in records} == {1, 2}
    assert max(found["loss"]) == 150
    assert list(found["dev_f1"]) == [150]
    assert {"learning_rate", "gradient_norm", "epoch"} <= found.keys()
    config = json.loads((run.folder / "artefacts" / "config.json").read_text())
    assert config["config"]["method"] == "fgm"
    assert config["data_sha256"]
    assert load_tagger(str(run.folder / "artefacts" / "model"), "cpu").names[0] == "O"


def test_a_model_is_written_with_the_embeddings_that_did_not_learn() -> None:
    recipe = NerRecipe(weights="full", freeze_embeddings=True)
    found = estimate(recipe, ComponentChoice(name="plain"), DataSize(8, 8), speed=1e9)
    written = 2 * 4 * found.weights  # twice for a moment
    assert found.disk_bytes - 3 * 12 * found.learning >= written > 8 * found.learning


def test_the_memory_is_estimated_from_the_longest_sentences() -> None:
    short = [sentence("ada met ben", "en", (0, 1, "PER"))] * 400
    long = [sentence(" ".join(["ada"] * 100), "en", (0, 1, "PER"))] * 32
    recipe, plain = NerRecipe(), ComponentChoice(name="plain")
    few, many = (
        estimate(recipe, plain, sentences_size(one), speed=1e9) for one in (short, short + long)
    )
    assert many.memory_bytes > 1.5 * few.memory_bytes
