"""A new evaluation of models that answer questions: models, perturbations, how much is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.jobs import Plan, Run
from core.question_perturbations import QUESTION_PERTURBATIONS
from core.questions.pairings import Pairing
from core.store.people import Actor
from core.training.spec import DataChoice
from pages.sections import evaluate_question_files, train_data
from pages.sections.evaluate_runs import PAGE, hash_of, method_of, model_folder, trained_models
from pages.widgets import tables

_KEY = f"{PAGE}.qa"
_MOST_SEEDS, _MOST_QUESTIONS = 10, 100_000


def models_input(actor: Actor | None) -> Callable[[], Sequence[Plan]] | None:
    """Ask for models and what they are to answer.

    Args:
        actor: who is there; None as long as nobody has said.

    Returns:
        What makes a run for each model; None as long as something is missing.
    """
    trained = trained_models("qa")
    models = st.multiselect(
        "Models that answer",
        list(trained),
        default=list(trained)[:1],
        format_func=lambda one: f"{one}: {trained[one].plan.name}" if one in trained else one,
        key=f"{_KEY}.models",
        help="what runs of the page Train have made",
        select_all=False,
        persist_state="session",
    )
    told = "No run has trained such a model yet: train one first, on the page Train."
    tables.show_texts([] if trained else [told], key=f"{_KEY}.no_model", tone="note")
    tables.show_heading("Test questions with gold answers")
    tests = evaluate_question_files.files_input(actor, key=f"{_KEY}.tests")
    names, seeds, limit = _how_input()
    swapped = _names_input(actor) if "entity_swap" in names else ()
    if not (models and tests):
        return None
    chosen = [trained[one] for one in models]
    return lambda: [_plan(one, tests, swapped, names, seeds, limit) for one in chosen]


def _how_input() -> tuple[list[str], int, int]:
    left, middle, right = st.columns([3, 1, 1.2])
    names = left.multiselect(
        "Perturbations",
        QUESTION_PERTURBATIONS.names(),
        default=list(QUESTION_PERTURBATIONS.names()),
        key=f"{_KEY}.perturbations",
        persist_state="session",
    )
    seeds = middle.number_input(
        "Seeds", 1, _MOST_SEEDS, 1, key=f"{_KEY}.seeds", help="each perturbs anew"
    )
    limit = right.number_input(
        "Questions a set",
        0,
        _MOST_QUESTIONS,
        0,
        key=f"{_KEY}.limit",
        help="about how many, from the beginning; 0 asks all",
    )
    return list(names), int(seeds), int(limit)


def _names_input(actor: Actor | None) -> tuple[DataChoice, ...]:
    tables.show_heading("Labelled sentences for other names")
    st.caption("The perturbation entity_swap takes persons and places from them.")
    return train_data.parts_input(
        actor, "ner", "names", usual="names are those of the bundled lists", as_files=True
    )


def _plan(
    run: Run,
    tests: Sequence[Pairing],
    swapped: Sequence[DataChoice],
    perturbations: Sequence[str],
    seeds: int,
    limit: int,
) -> Plan:
    """Make the run that evaluates one model."""
    words = ["evaluate", "--questions", "--model", model_folder(run), "--json"]
    for one in tests:
        words += ["--test", f"{one.context}/{one.question}={one.path}"]
    for part in swapped[:1]:
        words += ["--train-file", part.source, "--source", part.language]
    if perturbations:
        words += ["--perturb", ",".join(perturbations), "--seeds", ",".join(map(str, range(seeds)))]
    words += ["--limit", str(limit)] if limit else []
    sources = [*(str(one.path) for one in tests), *(part.source for part in swapped[:1])]
    return Plan(
        name=f"evaluate {run.id}",
        words=tuple(words),
        config={
            "task": "evaluate",
            "model": run.id,
            "method": method_of(run.plan),
            "perturbations": "+".join(perturbations),
            "seeds": seeds,
            "limit": limit,
        },
        seed=run.plan.seed,
        data={source: hash_of(source) for source in sources},
    )
