"""Runs that train tiny models and evaluate them, made by the commands in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.jobs import Plan, Run, create
from core.jobs._processes import RUN_VARIABLE
from core.jobs.folder import read_run, write_status
from tests.unit.training.conftest import contexts, save_base, squad

PEOPLE = "ada B-PER\nsaw O\nrome B-LOC\n\nben B-PER\nmet O\nada B-PER\nin O\noslo B-LOC\n\n"


def ended(
    words: Sequence[str], config: Mapping[str, Any], root: Path, *, seed: int | None = None
) -> Run:
    """Run a command as that of a run, to its end."""
    name = f"{config['task']} {config['method']}"
    run = create(Plan(name=name, words=tuple(words), config=config, seed=seed), root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(RUN_VARIABLE, str(run.folder))
        assert main([*words, "--json", "--quiet"]) == 0
    write_status(run, state="done")
    return read_run(run.folder)


def trained(
    task: str,
    data: Path,
    base: Path,
    root: Path,
    *,
    method: str = "plain",
    seed: int = 0,
    updates: int = 10,
) -> Run:
    """Train a tiny model; `method` is what people see, how long it learns makes the difference."""
    words = ["train", task, "--data", str(data), "--dev", "none", "--full", "--batch", "4"]
    words += ["--set", f"base={base}", "--updates", str(updates), "--learning-rate", "0.01"]
    config = {"task": task, "method": method, "seed": seed, "updates": updates}
    return ended([*words, "--seed", str(seed)], config, root, seed=seed)


def evaluated(model: Run, tests: Sequence[str], perturb: str, root: Path) -> Run:
    """Evaluate what a run has trained, as the page asks for it."""
    asks = model.plan.config["task"] == "qa"
    words = ["evaluate", *(["--questions", "--model"] if asks else ["--tagger"])]
    words += [str(model.folder / "artefacts" / "model"), "--perturb", perturb]
    words += [word for test in tests for word in ("--test", test)]
    config = {**model.plan.config, "task": "evaluate", "model": model.id}
    return ended(words, config, root, seed=model.plan.seed)


def base_model(folder: Path) -> Path:
    """Make a tiny base model."""
    folder.mkdir(parents=True, exist_ok=True)
    return save_base(folder)


def people_file(path: Path, times: int = 8) -> Path:
    """Write sentences with entities."""
    path.write_text(PEOPLE * times, encoding="utf-8")
    return path


def question_file(path: Path, *, shift: int = 0) -> Path:
    """Write questions; with another shift they are others."""
    path.write_text(json.dumps(squad(contexts()[shift:])), encoding="utf-8")
    return path
