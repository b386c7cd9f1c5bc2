"""`train`: train a tagger or a model that answers questions, plainly or by a robust method.

`train --out assets/tagger` makes the bundled tagger anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from core.commands import Outcome
from core.commands._store_options import record_launch
from core.commands._train_data import TrainingData, read_data
from core.commands._train_options import add_arguments, spec_from
from core.commands._train_run import Ended, run_training
from core.commands.progress import ProgressBars
from core.jobs import JobContext, Plan, create, find, start
from core.training.augmenting import check_augmentation
from core.training.estimate import Estimate, estimate
from core.training.methods import make_method
from core.training.spec import NO_DEV, DataChoice, TrainingSpec

__all__ = ["add_arguments", "plan_training", "run"]

_MEBIBYTE = 1 << 20
TENDS_ITS_RUN = True  # heartbeat, metrics and checkpoints are the loop's


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Train, keep the best weights, and say how good they are; or queue it as a run.

    Raises:
        ConfigError: a recipe or a method that cannot be.
        DataError: a file cannot be read or has nothing to learn from.
        BackendError: the base model cannot be had.
        StoreError: a run, a checkpoint or the model cannot be written.
    """
    spec = spec_from(options)
    make_method(spec.method)  # so that a bad choice shows before any work
    for choice in spec.augment:
        check_augmentation(spec.task, choice)
    if options.estimate:
        _, found = plan_training(spec, name="estimate")
        return Outcome(asdict(found), _estimate_line(found))
    if options.detach and JobContext.current() is None:
        return _detach(spec, options)
    ended, data = run_training(
        spec, lambda: read_data(spec), options.out, bars, resume=options.resume
    )
    told = _told(spec, ended, data)
    return Outcome(told, "\n".join(_lines(told)))


def plan_training(
    spec: TrainingSpec, *, name: str = "", out: Path | None = None
) -> tuple[Plan, Estimate]:
    """Make a run of what is asked for; `core.jobs.create` queues it.

    Data is read once to see that it can be, to hash it, and to know its size.

    Args:
        spec: what is asked for.
        name: what to call the run; empty makes one from task, method and seed.
        out: folder for the model; None takes the run's own.

    Raises:
        ConfigError: an unknown method, corpus or perturbation.
        DataError: data cannot be read.
        BackendError: the base model's configuration cannot be had.
    """
    spec = replace(spec, data=_absolute(spec.data), dev=_absolute(spec.dev))
    data = read_data(spec)
    found = estimate(spec.recipe, spec.method, data.size(spec))
    words = spec.words() if out is None else (*spec.words(), "--out", str(out.absolute()))
    plan = Plan(
        name=name or f"{spec.task} {spec.method} seed {spec.recipe.seed}",
        words=words,
        config=spec.config(),
        seed=spec.recipe.seed,
        data=data.hashes,
        needs=found.needs,
    )
    return plan, found


def _absolute(choices: tuple[DataChoice, ...]) -> tuple[DataChoice, ...]:
    """Name files so that they are found from anywhere."""
    return tuple(
        replace(one, source=str(Path(one.source).absolute()))
        if one.source != NO_DEV and Path(one.source).is_file()
        else one
        for one in choices
    )


def _detach(spec: TrainingSpec, options: argparse.Namespace) -> Outcome:
    plan, found = plan_training(spec, name=options.name, out=options.out)
    made = create(plan)
    record_launch([made])
    started = start(at_once=options.at_once)
    now = find(made.id)
    told = {
        "run": made.id,
        "folder": str(made.folder),
        "state": now.state,
        "started": [one.id for one in started],
        "estimate": asdict(found),
    }
    waits = "" if now.state == "running" else ": it waits until others have ended"
    return Outcome(told, f"{made.id} is {now.state}{waits}\n{_estimate_line(found)}")


def _estimate_line(found: Estimate) -> str:
    return (
        f"{found.updates} steps, about {found.seconds / 60:.1f} minutes, "
        f"{found.memory_bytes / _MEBIBYTE:,.0f} MiB of memory, "
        f"{found.disk_bytes / _MEBIBYTE:,.0f} MiB of disk at most"
    )


def _told(spec: TrainingSpec, ended: Ended, data: TrainingData) -> dict[str, Any]:
    trained = ended.trained
    epochs = [
        {
            "epoch": one.epoch,
            "update": one.update,
            "loss": round(one.loss, 4),
            **{name: round(value, 4) for name, value in one.values.items()},
        }
        for one in trained.judgements
    ]
    examples = "sentences" if spec.task == "ner" else "questions"
    return {
        "out": str(ended.places.model),
        "task": spec.task,
        "method": str(spec.method),
        "seed": spec.recipe.seed,
        examples: data.examples,
        "skipped": data.skipped,
        f"cut_{examples}": trained.cut,
        "updates": trained.updates,
        "total_updates": trained.total,
        "stopped": trained.is_stopped,
        "dev_f1": None if trained.best is None else round(trained.best, 4),
        "epochs": epochs,
        "seconds": round(ended.seconds, 1),
    }


def _lines(told: Mapping[str, Any]) -> list[str]:
    lines = []
    for one in told["epochs"]:
        values = [f"{name.replace('dev_', 'dev ')} {one[name]}" for name in one if "dev_" in name]
        named = ", ".join([f"loss {one['loss']}", *values]).replace("dev f1", "dev F1")
        lines.append(f"epoch {one['epoch']}: {named}")
    lines += [
        f"{told[f'cut_{examples}']} {examples} were too long and lost their tail"
        for examples in ("sentences", "questions")
        if told.get(f"cut_{examples}")
    ]
    if told["stopped"]:
        done = f"{told['updates']} of {told['total_updates']}"
        return [*lines, f"stopped after {done} steps; go on with --resume"]
    best = "no dev data" if told["dev_f1"] is None else f"best dev F1 {told['dev_f1']}"
    return [*lines, f"{best}; {told['seconds']} s; written to {told['out']}"]
