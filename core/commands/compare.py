"""`compare`: several methods, or runs from files, over the same sentences: where they disagree."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.commands import Outcome
from core.commands.options import (
    LoadedCorpus,
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.errors import ConfigError
from core.evaluate.significance import compare_all
from core.evaluate.spans import score_projections
from core.overview.disagreement import RunByRun, Survey, choose, parse_where, queue, survey
from core.overview.outcomes import CorpusRun, run_corpus
from core.overview.rows import align_rows
from core.overview.run_files import read_run
from core.types import Span
from core.workflow import Workflow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_corpus_arguments(parser)
    add_method_arguments(parser, several=True)
    parser.add_argument(
        "--run",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a run made elsewhere: a labelled file of the same target sentences, such as "
        "`project --out FILE.jsonl` writes; may be repeated",
    )
    parser.add_argument(
        "--where",
        default="all",
        metavar="FILTER",
        help='sentences to list: "A>B" (A right, B wrong), only:A, all-wrong, disagree, failed',
    )
    parser.add_argument("--top", type=int, default=10, help="how many to list (default: 10)")


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Run every method, compare all with all, and list the most disputed sentences.

    Raises:
        SpanbridgeError: fewer than two runs, a corpus or run that cannot be read, a method that
            cannot run, or a filter that names no run.
    """
    names = [*options.method, *(path.name for path in options.run)]
    if len(names) < 2 or len(set(names)) < len(names):
        raise ConfigError(
            f"a comparison needs two or more runs of different names, got {', '.join(names)}",
            code="bad-config",
            hint="add --method NAME or --run FILE",
        )
    wanted = parse_where(options.where, names)
    configs = {name: config_from(options, name=name) for name in options.method}
    for config in configs.values():
        Workflow.from_config(config)  # a bad choice among them shows before any work
    corpus = pairs_from(options)
    runs = {path.name: read_run(path, corpus.pairs) for path in options.run}
    for name, config in configs.items():
        report = bars.of(name)
        runs[name] = run_corpus(config, corpus.pairs, progress=report, corpus=corpus.name)
    runs = {name: runs[name] for name in names}
    found = survey(runs)
    places = queue(found, choose(found, *wanted))
    data = {**_report(runs, found), "where": options.where, "chosen": len(places)}
    shown = [int(place) for place in places[: options.top]]
    data["queue"] = [_sentence(runs, found, place) for place in shown]
    data["skipped"] = len(corpus.bad)
    return Outcome(data, "\n".join(_lines(data, corpus)))


def _report(runs: Mapping[str, CorpusRun], found: Survey) -> dict[str, Any]:
    outcomes = {name: run.outcomes for name, run in runs.items()}
    gold = bool(found.has_gold.any())
    comparisons = compare_all(outcomes, labels=found.labels) if gold else ()
    return {
        "runs": [
            {
                "name": name,
                "signature": run.signature,
                "failures": run.failures,
                **(_scores(run, found) if gold else {}),
            }
            for name, run in runs.items()
        ],
        "sentences": len(found.disagreement),
        "labels": None if found.labels is None else list(found.labels),
        "agreement": {
            "names": list(found.matrix_names),
            "f1": _rounded(found.agreement),
            "identical": _rounded(found.identical),
        },
        "comparisons": [comparison.as_dict() for comparison in comparisons],
    }


def _scores(run: CorpusRun, found: Survey) -> dict[str, Any]:
    return score_projections(run.outcomes, found.labels).headline.overall.as_dict()


def _rounded(matrix: RunByRun) -> list[list[float]]:
    return [[round(float(value), 6) for value in row] for row in matrix]


def _sentence(runs: Mapping[str, CorpusRun], found: Survey, place: int) -> dict[str, Any]:
    first = next(iter(runs.values())).outcomes[place]
    target = first.pair.target

    def texts(spans: Sequence[Span]) -> list[dict[str, Any]]:
        return [
            {"start": one.start, "end": one.end, "label": one.label, "text": target.text_of(one)}
            for one in spans
        ]

    return {
        "number": place + 1,
        "id": first.pair.id,
        "disagreement": round(float(found.disagreement[place]), 6),
        "target": target.text,
        "rows": [
            {
                "entity": row.entity,
                "gold": texts(row.gold) if first.pair.has_gold else None,
                "runs": {
                    name: {"state": state, "spans": texts(spans)}
                    for name, (state, spans) in zip(runs, row.cells, strict=True)
                },
            }
            for row in align_rows(runs, place + 1, found.labels)
        ],
    }


def _lines(data: Mapping[str, Any], corpus: LoadedCorpus) -> list[str]:
    lines = [f"{corpus.name}: {data['sentences']} sentences", ""]
    for one in data["runs"]:
        scored = f"F1 {one['f1']:.4f}, " if "f1" in one else ""
        lines.append(f"{one['name']}: {scored}failed sentences: {one['failures']}")
    names = data["agreement"]["names"]
    width = max(map(len, names)) + 2
    lines += ["", "agreement (F1)", " " * width + "".join(f"{name:>{width}}" for name in names)]
    for name, row in zip(names, data["agreement"]["f1"], strict=True):
        lines.append(f"{name:{width}}" + "".join(f"{value:{width}.4f}" for value in row))
    lines += ["", *map(_comparison_line, data["comparisons"])]
    lines += ["", f"{data['chosen']} sentences, the most disputed first:"]
    for one in data["queue"]:
        lines.append(f"{one['number']}  {one['id']}  {one['disagreement']:.2f}  {one['target']}")
        lines += [f"    {line}" for row in one["rows"] for line in _row_lines(row)]
    return [*lines, *skipped_lines(corpus.bad)]


def _comparison_line(one: Mapping[str, Any]) -> str:
    low, high = one["interval"]["low"], one["interval"]["high"]
    return (
        f"{one['second']} against {one['first']}: {one['difference']:+.4f} "
        f"[{low:+.4f}, {high:+.4f}], p = {one['p_two_sided']:.4f}, "
        f"corrected for their number {one['p_holm']:.4f}"
    )


def _row_lines(row: Mapping[str, Any]) -> list[str]:
    gold = "" if row["gold"] is None else f"gold: {_told(row['gold'])}"
    told = [f"{name} {cell['state']}: {_told(cell['spans'])}" for name, cell in row["runs"].items()]
    return ["; ".join(filter(None, [gold, *told]))]


def _told(spans: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"{one['label']} “{one['text']}”" for one in spans) or "–"
