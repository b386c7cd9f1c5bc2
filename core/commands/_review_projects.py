"""`review`: projects, their runs, who gets which sentence, and how far everybody is."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.commands import Outcome
from core.commands._review_desk import Desk, add_project, desk_of, parse_numbers, told_time
from core.commands._store_options import Action, actor_of, no_arguments, opened
from core.commands.options import (
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.corpora._bytes import read_bytes
from core.overview.outcomes import CorpusRun
from core.review.reviewed import disputed, final_states
from core.review.running import import_run, run_project
from core.store.decisions import states
from core.store.holds import holds, progress
from core.store.projects import Project, assign, create_project, find_project, projects
from core.store.runs import StoredRun, load_run, runs
from core.workflow import Workflow

_NOBODY = "-"


def _projects(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with opened(options) as store:
        found = projects(store)
    lines = [_project_line(one) for one in found] or ["no project yet"]
    return Outcome({"projects": [asdict(one) for one in found]}, "\n".join(lines))


def _project_line(one: Project) -> str:
    reviewers = "one shared answer" if one.reviewers == 1 else f"{one.reviewers} reviewers each"
    return (
        f"{one.name}: {one.sentences} sentences, {one.source_language}-{one.target_language}, "
        f"{reviewers}; by {one.by}, {told_time(one.at)}{f'; {one.note}' if one.note else ''}"
    )


def _create_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="what to call the project")
    parser.add_argument(
        "--reviewers",
        type=int,
        default=1,
        help="people who answer every sentence, each without seeing the others (default: 1, one "
        "answer that all share)",
    )
    parser.add_argument("--note", default="", help="for people")
    add_corpus_arguments(parser)
    add_method_arguments(parser, several=True)


def _create(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    configs = {name: config_from(options, name=name) for name in options.method}
    for config in configs.values():
        Workflow.from_config(config)  # a bad choice among them shows before anything is kept
    corpus = pairs_from(options)
    made = []
    with opened(options) as store:
        actor = actor_of(store, options)
        project = create_project(
            store,
            actor,
            options.name,
            corpus.pairs,
            corpus=corpus.name,
            reviewers=options.reviewers,
            note=options.note,
        )
        for name, config in configs.items():
            run = run_project(store, actor, project, config, progress=bars.of(name))
            made.append(run_record(run, load_run(store, run)))
    data = {"project": asdict(project), "runs": made, "skipped": len(corpus.bad)}
    lines = [_project_line(project), *map(run_line, made), *skipped_lines(corpus.bad)]
    return Outcome(data, "\n".join(lines))


def _run_arguments(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("--name", default="", help="what to call the run (default: the method)")
    parser.add_argument(
        "--file",
        default="",
        metavar="FILE",
        help="take a run that was made elsewhere: a labelled file of the project's target "
        "sentences, such as `project --out FILE.jsonl` writes",
    )
    add_method_arguments(parser)


def _run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with opened(options) as store:
        actor = actor_of(store, options)
        project = find_project(store, options.project)
        if options.file:
            path = Path(options.file)
            run = import_run(
                store, actor, project, path.name, read_bytes(path), run_name=options.name
            )
        else:
            config, report = config_from(options), bars.of(options.method)
            run = run_project(store, actor, project, config, name=options.name, progress=report)
        record = run_record(run, load_run(store, run))
    return Outcome(record, run_line(record))


def run_record(run: StoredRun, outcomes: CorpusRun) -> dict[str, Any]:
    """Return a run with what came of it, ready for JSON."""
    return {
        "name": run.name,
        "signature": run.signature,
        "complete": run.complete,
        "sentences": len(outcomes.outcomes),
        "failures": outcomes.failures,
        "entities": sum(len(one.spans) for one in outcomes.outcomes),
        "at": run.at,
        "by": run.by,
    }


def run_line(record: Mapping[str, Any]) -> str:
    """Tell of a run in words."""
    left = "" if record["complete"] else "; left half-way, run it again to go on"
    return (
        f"{record['name']}: {record['sentences']} sentences, {record['entities']} entities, "
        f"{record['failures']} failed{left}; by {record['by']}, {told_time(record['at'])}\n"
        f"    {record['signature']}"
    )


def _runs(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with opened(options) as store:
        project = find_project(store, options.project)
        stored = runs(store, project, unfinished=True)
        found = [run_record(run, load_run(store, run)) for run in stored]
    return Outcome({"runs": found}, "\n".join(map(run_line, found)) or "no run yet")


def _assign_arguments(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument(
        "reviewer", metavar="NAME", help=f"who alone gets them; {_NOBODY} gives them to anybody"
    )
    parser.add_argument("numbers", nargs="+", metavar="N", help="sentences: 3, or 3-9 for all")


def _assign(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    name = "" if options.reviewer == _NOBODY else options.reviewer
    with desk_of(options) as desk:
        numbers = sorted(set(parse_numbers(options.numbers)))
        ids = [desk.item(number).id for number in numbers]
        count = assign(desk.store, desk.actor, desk.project, ids, name)
    data = {"reviewer": name or None, "numbers": numbers, "sentences": count}
    return Outcome(data, f"{count} sentences: {name or 'for anybody'}")


def _progress(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        data = _progress_record(desk)
    lines = [f"{data['sentences']} sentences: {_told_counts(data['statuses'])}"]
    lines += [f"  {name}: {_told_counts(counts)}" for name, counts in data["reviewers"].items()]
    lines += [f"in dispute: {data['disputed']}"] if desk.project.reviewers > 1 else []
    lines += [f"held by {one['reviewer']}: {one['number']}" for one in data["holds"]]
    lines += [f"given to {name}: {count}" for name, count in data["assigned"].items()]
    return Outcome(data, "\n".join(lines))


def _progress_record(desk: Desk) -> dict[str, Any]:
    known = states(desk.store, desk.project, None)
    final = final_states(desk.project, known)
    statuses = Counter(one.answer.status for one in final.values())
    statuses["open"] += len(desk.items) - len(final)
    places = desk.by_id
    return {
        "sentences": len(desk.items),
        "statuses": dict(statuses),
        "reviewers": progress(desk.store, desk.project),
        "disputed": len(disputed(desk.project, known)),
        "holds": [
            {"number": places[one.sentence].place + 1, "reviewer": one.reviewer}
            for one in holds(desk.store, desk.project)
        ],
        "assigned": dict(Counter(item.assigned for item in desk.items if item.assigned)),
    }


def _told_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


ACTIONS = MappingProxyType(
    {
        "projects": Action("list all projects", no_arguments, _projects),
        "create": Action("keep a corpus as a project, and run methods", _create_arguments, _create),
        "run": Action("run a method over a project, or take it up", _run_arguments, _run),
        "runs": Action("list a project's runs", add_project, _runs),
        "assign": Action("give sentences to one reviewer", _assign_arguments, _assign),
        "progress": Action("say how far everybody is", add_project, _progress),
    }
)
