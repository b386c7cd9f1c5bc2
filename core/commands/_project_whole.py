"""`project --engine`: a whole corpus, chunk by chunk, in this process or as a run of its own."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.chunks.cutting import CorpusChoice
from core.chunks.files import USUAL_PAIRS
from core.chunks.pace import Pace
from core.chunks.reading import CorpusFiles
from core.chunks.shards import SHARD_FORMS
from core.commands import Outcome
from core.commands._store_options import record_launch
from core.commands.options import config_from, require_one_or_more
from core.commands.progress import ProgressBars
from core.config import ComponentChoice, parse_settings
from core.datasets import is_named, own_files
from core.datasets.files import require_linked_sides
from core.engine import ENGINES
from core.errors import ConfigError
from core.jobs import JobContext, Needs, Plan, create, find, keep_input, start
from core.whole_corpus import (
    NOWHERE,
    Order,
    check_order,
    output_folder,
    pace_record,
    project_corpus,
)

# Of a process with the bundled encoder; a larger model says so itself when it is loaded.
_PROCESS_BYTES = 2 << 30
_BYTES_A_PAIR = 4096
# What has a meaning only with --engine.
_OPTIONS = ("workers", "ray_address", "shards", "chunk", "no_cache", "detach", "name")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of whole-corpus runs."""
    group = parser.add_argument_group(
        "whole corpora",
        "With --engine, OUT is a folder of shards, and the same command goes on where an earlier "
        "one was stopped or killed. Memory does not grow with the corpus; but named corpora, "
        "formats without lines, and files whose sentences' names are out of step are loaded whole.",
    )
    group.add_argument("--engine", choices=ENGINES.names(), help="who does the work")
    group.add_argument("--workers", type=int, help="ray: processes (default: 2)")
    group.add_argument("--ray-address", help="ray: a running cluster (default: this machine)")
    group.add_argument("--shards", choices=SHARD_FORMS, help=f"form (default: {SHARD_FORMS[0]})")
    group.add_argument(
        "--chunk",
        type=int,
        help=f"pairs projected together, and in a shard (default: {USUAL_PAIRS})",
    )
    group.add_argument(
        "--no-cache",
        action="store_true",
        default=None,
        help="keep no translations and labels for other methods on the same sentences",
    )
    group.add_argument(
        "--detach", action="store_true", default=None, help="queue it as a run and return"
    )
    group.add_argument("--name", help="what to call the run")


def refuse_options(options: argparse.Namespace) -> None:
    """Check that nothing is asked for that only whole-corpus runs have.

    Raises:
        ConfigError: something is (code bad-config).
    """
    given = [name for name in _OPTIONS if getattr(options, name) is not None]
    if given:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise ConfigError(
            f"{named} must come with --engine, got none",
            code="bad-config",
            hint="add --engine local",
        )


def run_whole(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Project a corpus by an engine; as the command of a run, tell how far it is.

    Raises:
        SpanbridgeError: the corpus cannot be read, the method not run, or the folder not written.
    """
    job = JobContext.current()
    detached = options.detach and job is None
    order, choice = order_from(options), engine_from(options)
    if detached:
        return _detach(order, choice, options.name or "")
    order = replace(order, out=_out(options.out, job))
    engine = ENGINES.create(choice.name, choice.parameters)
    with nullcontext() if job is None else job:
        found = project_corpus(
            order,
            engine,
            tell=lambda pace: _tell(pace, bars, job),
            should_stop=lambda: job is not None and job.should_stop(),
        )
    told = {key: value for key, value in found.items() if key not in ("config", "description")}
    return Outcome(told, "\n".join(_lines(told)))


def _out(given: Path | None, job: JobContext | None) -> Path:
    """Return where the shards go.

    Raises:
        ConfigError: no folder was named, and this is no run (code bad-value).
    """
    if given is not None:
        return given
    if job is not None:
        return output_folder(job.artefacts)
    raise ConfigError(
        "a folder to write must be given, got none",
        code="bad-value",
        hint="--out FOLDER, or --detach for a run with a folder of its own",
    )


def order_from(options: argparse.Namespace) -> Order:
    """Return what the options ask for.

    Raises:
        ConfigError: no corpus, a number that cannot be, or an unknown method.
        DataError: a folder of files that has not what it must.
    """
    require_one_or_more(options, "chunk", "limit")
    corpus = CorpusChoice(
        source=options.source,
        target=options.target,
        split=parse_settings(options.set).get("split", ""),
        limit=options.limit,
        skip_bad=options.skip_bad,
    )
    if options.corpus is not None and is_named(options.corpus):
        corpus = replace(corpus, name=options.corpus)
    else:
        corpus = replace(corpus, files=_files(options))
    return Order(
        corpus,
        config_from(options),
        options.out or NOWHERE,
        form=options.shards or SHARD_FORMS[0],
        size=options.chunk or USUAL_PAIRS,
        cached=not options.no_cache,
    )


def _files(options: argparse.Namespace) -> CorpusFiles:
    given = {"source": options.source_file, "target": options.target_file}
    given["links"] = options.links_file
    if options.corpus is not None:
        if not options.target:
            raise ConfigError("files need a target language, got none", code="bad-config")
        found = own_files(options.corpus, options.source, options.target)
        given = {key: given[key] or found.get(key) for key in given}
    paths = {key: None if path is None else Path(path).absolute() for key, path in given.items()}
    require_linked_sides(**paths)
    if paths["source"] is None and paths["target"] is None:
        raise ConfigError(
            "a corpus must be named or given as files, got none",
            code="bad-config",
            hint="--corpus NAME, or --source-file and --target-file",
        )
    if not options.target:
        raise ConfigError("files need a target language, got none", code="bad-config")
    return CorpusFiles(**paths)


def engine_from(options: argparse.Namespace) -> ComponentChoice:
    """Return the engine that the options name.

    Raises:
        ConfigError: an option of another engine.
    """
    given = {"workers": options.workers, "address": options.ray_address}
    parameters = {key: value for key, value in given.items() if value is not None}
    if options.engine != "ray" and parameters:
        raise ConfigError(
            f"only the engine ray has {', '.join(parameters)}, got {options.engine!r}",
            code="bad-config",
        )
    return ComponentChoice(name=options.engine, parameters=parameters)


def plan_projection(order: Order, engine: ComponentChoice, *, name: str = "") -> Plan:
    """Make a run of a corpus to project; `core.jobs.create` queues it.

    Raises:
        ConfigError: it cannot be projected chunk by chunk.
        BackendError: a package is missing.
        StoreError: the runs folder cannot be written.
    """
    check_order(order)
    ENGINES.create(engine.name, engine.parameters)
    corpus = order.corpus
    record = {"description": "", "config": order.config.model_dump(mode="json")}
    method = keep_input(f"{order.config.method}.json", _json(record))
    workers = int(engine.parameters.get("workers") or 1)
    return Plan(
        name=name or f"{order.config.method} on {corpus.short}"[:100],
        words=tuple(_words(order, engine, method)),
        config={
            "task": "project",
            "corpus": str(corpus),
            "signature": order.config.signature(corpus=str(corpus)),
            "engine": str(engine),
            "target": corpus.target or "",
        },
        needs=Needs(
            disk_bytes=_BYTES_A_PAIR * (corpus.limit or 1000),
            memory_bytes=_PROCESS_BYTES * workers,
        ),
    )


def _json(value: Mapping[str, Any]) -> bytes:
    import json

    return json.dumps(value, ensure_ascii=False).encode()


def _words(order: Order, engine: ComponentChoice, method: Path) -> list[str]:
    corpus = order.corpus
    files = corpus.files or CorpusFiles(None, None)
    given: dict[str, object] = {
        "--corpus": corpus.name,
        "--source-file": files.source,
        "--target-file": files.target,
        "--links-file": files.links,
        "--source": corpus.source,
        "--target": corpus.target,
        "--limit": corpus.limit,
        "--set": f"split={corpus.split}" if corpus.split else None,
        "--method": method,
        "--engine": engine.name,
        "--workers": engine.parameters.get("workers"),
        "--ray-address": engine.parameters.get("address") or None,
        "--shards": order.form,
        "--chunk": order.size,
        "--out": None if order.out is NOWHERE else order.out.absolute(),
    }
    words = ["project"]
    for option, value in given.items():
        if value is not None:
            words += [option, str(value)]
    switches = {"--skip-bad": corpus.skip_bad, "--no-cache": not order.cached}
    return [*words, *(switch for switch, is_on in switches.items() if is_on)]


def _detach(order: Order, engine: ComponentChoice, name: str) -> Outcome:
    made = create(plan_projection(order, engine, name=name))
    record_launch([made])
    started = start()
    now = find(made.id)
    told = {
        "run": made.id,
        "folder": str(made.folder),
        "state": now.state,
        "started": [one.id for one in started],
    }
    waits = "" if now.state == "running" else ": it waits until others have ended"
    return Outcome(told, f"{made.id} is {now.state}{waits}")


def _tell(pace: Pace, bars: ProgressBars, job: JobContext | None) -> None:
    bars("project", pace.done, pace.pairs)
    if job is None:
        return
    job.progress("project", pace.done, pace.pairs)
    record = pace_record(pace)
    values = {"pairs_per_second": record["pairs_per_second"], "failed": pace.failed}
    if record["seconds_left"] is not None:
        values["seconds_left"] = record["seconds_left"]
    job.metrics(pace.done, values | {f"share_{one}": it for one, it in record["shares"].items()})


def _lines(told: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{told['done']} of {told['pairs']} pairs"
        + (f", {told['found_done']} of them before" if told["found_done"] else ""),
        f"entities: {told['entities']}, failed: {told['failed']}, left out: {told['skipped']}",
        f"{told['pairs_per_second']} pairs a second; by stage: "
        + ", ".join(f"{stage} {share:.0%}" for stage, share in told["shares"].items()),
        f"{told['shards']} shards in {told['out']}",
    ]
    if told["stopped"]:
        lines.append("stopped: the same command goes on from here")
    return lines
