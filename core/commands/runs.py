"""`runs`: long commands that go on by themselves: list, show, start, stop, resume, compare, pin."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.commands import Outcome
from core.commands._store_options import Action, actor_of, opened
from core.commands.progress import ProgressBars
from core.jobs import (
    Run,
    compare,
    find,
    heartbeat_of,
    log_after,
    log_end,
    reconcile,
    resume,
    runs_folder,
    start,
    stop,
)
from core.jobs.folder import VARIABLE
from core.jobs.queue import GRACE_SECONDS
from core.store.database import VARIABLE as STORE_VARIABLE
from core.store.launches import pin, pinned_taggers, record_runs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions with their options."""
    parts = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, action in ACTIONS.items():
        part = parts.add_parser(name, help=action.summary, description=action.summary)
        for flag, told in (("json", "print one JSON object"), ("quiet", "show no progress bars")):
            part.add_argument(
                f"--{flag}", action="store_true", default=argparse.SUPPRESS, help=told
            )
        part.add_argument(
            "--runs",
            dest="runs_folder",
            type=Path,
            metavar="FOLDER",
            help=f"where runs are kept (default: {VARIABLE}, else the data folder)",
        )
        action.add_arguments(part)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Look after runs.

    Raises:
        ConfigError: no such run.
        StoreError: the folder fails, a run is in another state, or there is no room.
    """
    if options.runs_folder is None:
        options.runs_folder = runs_folder()
    options.runs_folder = options.runs_folder.expanduser().absolute()
    return ACTIONS[options.action].run(options, bars)


def _told(one: Run) -> dict[str, Any]:
    beat = heartbeat_of(one)
    status = {key: value for key, value in asdict(one.status).items() if key != "token"}
    plan = asdict(one.plan)
    told = {"id": one.id, "folder": str(one.folder), "created": one.created, **plan}
    told |= {"code_version": one.version, "cwd": one.cwd, "status": status}
    return {**told, "heartbeat": None if beat is None else asdict(beat)}


def _line(one: Run) -> str:
    parts = [f"{one.id:32} {one.state:8} {one.plan.name}"]
    beat = heartbeat_of(one)
    if one.state == "running" and beat is not None and beat.attempt == one.status.attempt:
        steps = f" {beat.done}/{beat.total or '?'}" if beat.stage else ""
        parts.append(f"{beat.stage}{steps} (heartbeat {beat.seconds:.0f} s ago)".strip())
    if one.status.reason:
        parts.append(one.status.reason)
    return "; ".join(parts)


def _list(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    found = reconcile(options.runs_folder)
    lines = [_line(one) for one in found] or [f"no runs in {options.runs_folder}"]
    told = {"folder": str(options.runs_folder), "runs": [_told(one) for one in found]}
    return Outcome(told, "\n".join(lines))


def _reconciled(key: str, root: Path) -> Run:
    reconcile(root)
    return find(key, root)


def _show(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    one = _reconciled(options.run, options.runs_folder)
    told = _told(one)
    status = one.status
    lines = [
        _line(one),
        f"  command: python -m {' '.join([one.plan.module, *one.plan.words])}",
        f"  folder: {one.folder}",
        f"  created: {one.created} by version {one.version}; seed {one.plan.seed}",
        f"  attempt: {status.attempt}, since {status.begun or '-'}; {one.state} {status.at}",
        *(f"  config {key}: {value}" for key, value in one.plan.config.items()),
        *(f"  data {key}: {value}" for key, value in one.plan.data.items()),
    ]
    return Outcome(told, "\n".join(lines))


def _start(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    started = start(options.run, options.runs_folder, at_once=options.at_once)
    lines = [f"started {one.id}" for one in started]
    told = {"started": [_told(one) for one in started]}
    return Outcome(told, "\n".join(lines) or "nothing was started: nothing waits, or others run")


def _stop(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    one = stop(options.run, options.runs_folder, grace=options.grace)
    return Outcome(_told(one), f"{one.id} is {one.state}")


def _resume(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    one = resume(options.run, options.runs_folder, at_once=options.at_once)
    waits = ": it waits until others have ended" if one.state == "queued" else ""
    return Outcome(_told(one), f"{one.id} is {one.state}{waits}")


def _log(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    one = find(options.run, options.runs_folder)
    tail = log_end(one, options.lines)
    if options.offset is not None:
        tail = log_after(one, options.offset)
    return Outcome({"id": one.id, "text": tail.text, "offset": tail.offset}, tail.text.rstrip("\n"))


def _compare(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    found = [_reconciled(key, options.runs_folder) for key in options.runs]
    told = compare(found)
    names = [one.id for one in found]
    rows = [["", *names], ["state", *(one.state for one in found)]]
    for key, values in told["differences"].items():
        rows.append([key, *(str(values[name]) for name in names)])
    for key, values in told["metrics"].items():
        rows.append([key, *(_cell(values.get(name)) for name in names)])
    return Outcome(told, "\n".join(_table(rows)))


def _pin(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    one = _reconciled(options.run, options.runs_folder)
    with opened(options) as store:
        actor = actor_of(store, options)
        record_runs(store, [one], by=actor.name)
        pin(store, actor, one, pinned=not options.off)
        offered = pinned_taggers(store, options.runs_folder)
    lines = [f"{launch.model}  {launch.name}, pinned by {launch.pinned_by}" for launch in offered]
    told = [
        {"model": launch.model, "run": launch.run, "by": launch.pinned_by} for launch in offered
    ]
    return Outcome({"id": one.id, "pinned": told}, "\n".join(lines) or "no tagger is pinned")


def _cell(value: dict[str, float] | None) -> str:
    if value is None:
        return "-"
    return f"{value['last']:.4g} at {value['step']} ({value['min']:.4g} … {value['max']:.4g})"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _no_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no option."""


def _one(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="id, number or name")


def _places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at-once", type=int, default=1, metavar="N", help="how many may run at a time"
    )


def _start_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run", metavar="RUN", nargs="?", default="", help="only this one (default: the queue)"
    )
    _places(parser)


def _stop_arguments(parser: argparse.ArgumentParser) -> None:
    _one(parser)
    parser.add_argument(
        "--grace",
        type=float,
        default=GRACE_SECONDS,
        metavar="SECONDS",
        help="time for a last checkpoint before it is killed (default: %(default)s)",
    )


def _resume_arguments(parser: argparse.ArgumentParser) -> None:
    _one(parser)
    _places(parser)


def _log_arguments(parser: argparse.ArgumentParser) -> None:
    _one(parser)
    parser.add_argument("--lines", type=int, default=50, metavar="N", help="the last N lines")
    parser.add_argument(
        "--from", dest="offset", type=int, metavar="BYTE", help="all that follows this byte"
    )


def _pin_arguments(parser: argparse.ArgumentParser) -> None:
    _one(parser)
    parser.add_argument("--off", action="store_true", help="offer it no longer")
    parser.add_argument(
        "--as", dest="actor", default="", metavar="NAME", help="who acts (default: your login)"
    )
    parser.add_argument(
        "--store",
        dest="store_url",
        default="",
        metavar="URL",
        help=f"where pins are kept (default: {STORE_VARIABLE}, else a file in the data folder)",
    )


def _compare_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", nargs="+", metavar="RUN", help="ids, numbers or names")


ACTIONS = MappingProxyType(
    {
        "list": Action("list all runs and what became of them", _no_arguments, _list),
        "show": Action("say all about one run", _one, _show),
        "start": Action("start what waits in the queue", _start_arguments, _start),
        "stop": Action("stop a run with all its processes", _stop_arguments, _stop),
        "resume": Action("go on with a run that did not end", _resume_arguments, _resume),
        "log": Action("print the end of a run's log", _log_arguments, _log),
        "pin": Action("offer a run's tagger for projection", _pin_arguments, _pin),
        "compare": Action("show several runs' metrics side by side", _compare_arguments, _compare),
    }
)
