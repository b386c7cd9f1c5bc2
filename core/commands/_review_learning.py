"""`review`: what the answers teach a method: better weights, and pins and bans for the next run."""

from __future__ import annotations

import argparse
from types import MappingProxyType
from typing import Any

from core.commands import Outcome
from core.commands._review_desk import Desk, add_project, add_sentence, desk_of
from core.commands._review_projects import run_line, run_record
from core.commands._store_options import Action
from core.commands.progress import ProgressBars
from core.config import RunConfig
from core.errors import ConfigError
from core.methods import DEFAULT, method
from core.review.drafts import solving_config
from core.review.learning import retune
from core.review.rerunning import run_again
from core.review.reviewed import final_states
from core.review.suggestions import SuggestionIndex
from core.review.surfaces import entities_of
from core.store.answers import Answer
from core.store.decisions import states
from core.store.methods import keep_method
from core.store.runs import StoredRun, load_run


def _method_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--method", default="", help="a named method (default: that of the run that is reviewed)"
    )


def _learn_arguments(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    _method_argument(parser)
    parser.add_argument("--folds", type=int, default=5, help="parts for cross-validation")
    parser.add_argument("--seed", type=int, default=0, help="decides who is in which part")
    parser.add_argument("--save", metavar="NAME", help="keep the tuned method under this name")


def _learn(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        config = _tuned_on(desk.main_run(), options.method)
        answers = _answers(desk, looked_at=True)
        pairs, _ = desk.seen([])
        name, actor = desk.project.name, desk.actor
    found = retune(config, pairs, answers, folds=options.folds, seed=options.seed, progress=bars)
    tuned = found.tuned
    data = {**found.as_dict(), "signature": tuned.config.signature(corpus=name)}
    if options.save:
        told = f"tuned on {tuned.sentences} reviewed sentences of {name}"
        data["saved"] = str(keep_method(actor, found.method, options.save, told))
    return Outcome(data, "\n".join(_learn_lines(data)))


def _answers(desk: Desk, *, looked_at: bool = False) -> dict[int, Answer]:
    """Return the answers that count, by place; those accepted in bulk only where they may."""
    final = final_states(desk.project, states(desk.store, desk.project, None))
    return {
        item.place: final[item.id].answer
        for item in desk.items
        if item.id in final and (final[item.id].looked_at or not looked_at)
    }


def _config(run: StoredRun | None, name: str) -> RunConfig:
    """Return the method of a name, else that of the run."""
    if not name and run is not None and run.config is not None:
        return run.config
    return method(name or DEFAULT)


def _tuned_on(run: StoredRun | None, name: str) -> RunConfig:
    """Return the method to tune: where there is a run, its sources and entities are there."""
    config = _config(run, name)
    if run is None:
        return config
    return solving_config(config).model_copy(update={"labels": run.labels})


def _learn_lines(data: dict[str, Any]) -> list[str]:
    weights = ", ".join(f"{name} × {weight:g}" for name, weight in data["weights"].items())
    gain = data["gain"]
    lines = [
        data["signature"],
        f"weights: {weights}",
        f"F1 on {data['sentences']} reviewed sentences: {data['before']['f1']:.4f} before, "
        f"{data['held_out']['f1']:.4f} on held-out parts",
        f"gain {gain['difference']:+.4f} [{gain['interval']['low']:+.4f}, "
        f"{gain['interval']['high']:+.4f}]",
    ]
    return [*lines, *([f"saved as {data['saved']}"] if "saved" in data else [])]


def _again_arguments(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("name", metavar="NAME", help="what to call the new run")
    _method_argument(parser)


def _again(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        base = desk.main_run()
        if base is None:
            raise ConfigError(
                "decisions are about a run, got a project without one",
                code="missing-stage",
                hint="python -m core review run PROJECT --method NAME",
            )
        run = run_again(
            desk.store,
            desk.actor,
            desk.project,
            base,
            _config(base, options.method),
            _answers(desk),
            name=options.name,
            progress=bars.of(options.name),
        )
        record = run_record(run, load_run(desk.store, run))
    return Outcome(record, run_line(record))


def _suggest(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        item = desk.item(options.number)
        pairs, answers = desk.seen(states(desk.store, desk.project, desk.track))
    pair, answer = pairs[item.place], answers[item.place]
    found = SuggestionIndex(pairs, answers).suggest(item.place, pair, answer)
    entities = entities_of(answer, pair)
    data = [
        {
            "entity": entity,
            "source": pair.source.text_of(entities[entity]),
            "start": one.span.start,
            "end": one.span.end,
            "label": one.span.label,
            "text": pair.target.text_of(one.span.span),
            "accepted": one.text,
            "count": one.count,
            "basis": one.basis,
            "similarity": round(one.similarity, 6),
            "edits": f"={entity}:{one.span.start}-{one.span.end}",
        }
        for entity, suggested in found.items()
        for one in suggested
    ]
    lines = [
        f"{one['source']}: {one['label']} “{one['text']}”, as “{one['accepted']}” in "
        f"{one['count']} accepted answers ({one['basis']}); --edits '{one['edits']}'"
        for one in data
    ]
    return Outcome({"suggestions": data}, "\n".join(lines) or "nothing to suggest")


ACTIONS = MappingProxyType(
    {
        "suggest": Action("say where entities stood in accepted answers", add_sentence, _suggest),
        "learn": Action("choose a method's weights on what was reviewed", _learn_arguments, _learn),
        "run-again": Action("run a method with the answers as pins", _again_arguments, _again),
    }
)
