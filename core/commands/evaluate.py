"""`evaluate`: project a corpus and compare with its gold entities.

With `--perturb` or `--test` it examines a trained model instead, on clean and perturbed test sets.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.commands import Outcome
from core.commands._evaluate_options import add_examination_arguments, is_examination
from core.commands._evaluate_questions import examine_answers
from core.commands._evaluate_tagger import examine_tagger
from core.commands.options import (
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
    require_one_or_more,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.commands.tables import score_lines
from core.evaluate.markers import count_markers
from core.evaluate.partial import score_partial
from core.evaluate.significance import bootstrap_run, compare_runs
from core.evaluate.spans import score_projections
from core.evaluate.tally import diagnose_corpus
from core.evaluate.translation import TranslationQuality, translation_quality
from core.types import Projection, SentencePair
from core.workflow import Workflow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_corpus_arguments(parser)
    add_method_arguments(parser)
    parser.add_argument(
        "--compare",
        action="append",
        default=[],
        metavar="METHOD",
        help="also run this method on the same pairs, with a paired bootstrap; may be repeated",
    )
    parser.add_argument("--partial", action="store_true", help="add the partial-match view")
    add_examination_arguments(parser)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Project every pair and score the result, or examine a trained model.

    Raises:
        SpanbridgeError: the corpus cannot be read, has no gold, or the method cannot run.
    """
    require_one_or_more(options, "limit")
    if is_examination(options):
        return (examine_answers if options.questions else examine_tagger)(options, bars)
    return _project(options, bars)


def _project(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    config = config_from(options)
    workflow = Workflow.from_config(config)
    # Made before any work, so that a bad choice among them shows at once.
    others = {
        name: Workflow.from_config(config_from(options, name=name)) for name in options.compare
    }
    corpus = pairs_from(options)
    runner = _Runner(corpus.pairs, bars)
    started = time.perf_counter()
    projections = runner.run(workflow)
    seconds = time.perf_counter() - started
    report = score_projections(projections)
    _, tally = diagnose_corpus(projections)
    data: dict[str, Any] = {
        "signature": workflow.config.signature(corpus=corpus.name),
        **report.as_dict(),
        "interval": bootstrap_run(projections).as_dict(),
        "diagnosis": {
            "outcomes": tally.by_outcome(),
            "stages": tally.by_stage(),
            **tally.as_dict(),
        },
        "skipped": len(corpus.bad),
        "seconds": round(seconds, 3),
    }
    quality = runner.quality(workflow)
    data |= {} if quality is None else {"translation": quality.as_dict()}
    markers = count_markers(projections)
    data |= {} if markers is None else {"markers": markers.as_dict()}
    if options.partial:
        data["partial"] = score_partial(projections).as_dict()
    if others:
        data["compare"] = {
            name: _compare(other, runner, corpus.name, projections)
            for name, other in others.items()
        }
    return Outcome(data, "\n".join([*_lines(data), *skipped_lines(corpus.bad)]))


@dataclass
class _Runner:
    """Runs workflows over one corpus; methods with the same first stages share their result."""

    pairs: Sequence[SentencePair]
    bars: ProgressBars
    prepared: dict[str, list[SentencePair]] = field(default_factory=dict)

    def run(self, workflow: Workflow) -> list[Projection]:
        pairs = self.pairs
        if workflow.route.needs_source:
            key = _first_stages(workflow)
            if key not in self.prepared:
                self.prepared[key] = workflow.prepare(self.pairs, self.bars)
            pairs = self.prepared[key]
        return workflow.route.run(workflow.config, pairs, progress=self.bars)

    def quality(self, workflow: Workflow) -> TranslationQuality | None:
        """Compare the translations with the corpus's own source sentences, if there are both."""
        prepared = self.prepared.get(_first_stages(workflow))
        if workflow.translator is None or prepared is None:
            return None
        return translation_quality(self.pairs, prepared)


def _first_stages(workflow: Workflow) -> str:
    config = workflow.config
    return f"{config.translator}|{config.labeller}|{workflow.route.makes_target}"


def _compare(
    workflow: Workflow, runner: _Runner, corpus: str, projections: Sequence[Projection]
) -> dict[str, Any]:
    other = runner.run(workflow)
    report = score_projections(other).as_dict()
    markers = count_markers(other)
    return {
        "signature": workflow.config.signature(corpus=corpus),
        **report["overall"],
        "per_label": report["per_label"],
        "failures": report["failures"],
        "difference": compare_runs(projections, other).as_dict(),
        **({} if markers is None else {"markers": markers.as_dict()}),
    }


def _lines(data: Mapping[str, Any]) -> list[str]:
    lines = [data["signature"], "", *score_lines(data)]
    for view in ("outcomes", "stages"):
        counts = data["diagnosis"][view].items()
        lines.append(f"{view}: " + ", ".join(f"{name} {count}" for name, count in counts if count))
    if "translation" in data:
        lines.append(f"translation: chrF {data['translation']['chrf']:.1f}")
    if "markers" in data:
        lines.append(
            "markers: {lost} of {entities} lost, in {damaged} of {sentences} sentences; "
            "{dropped} dropped".format(**data["markers"])
        )
    for name, other in data.get("compare", {}).items():
        difference = other["difference"]
        lines.append(
            f"against {name}: F1 {other['f1']:.4f}, difference {difference['difference']:+.4f}, "
            f"p = {difference['p_two_sided']:.4f}"
        )
    return [*lines, f"{data['seconds']:.1f} s"]
