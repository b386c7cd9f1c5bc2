"""A new evaluation: which models, which test sets, which perturbations; one run a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core import jobs
from core.jobs import Plan, Run
from core.perturbations import PERTURBATIONS
from core.store.people import Actor
from core.training.spec import DataChoice, Kind
from pages.sections import evaluate_question_form, run_controls, train_data
from pages.sections.evaluate_runs import (
    BUNDLED,
    PAGE,
    hash_of,
    method_of,
    model_folder,
    task_input,
    trained_models,
)
from pages.widgets import state, tables

MakePlans = Callable[[], Sequence[Plan]]
_MOST_SEEDS = 10


def show_form(actor: Actor | None) -> None:
    """Ask what to evaluate, and queue it.

    Args:
        actor: who is there; None as long as nobody has said.
    """
    told = st.container()
    task = task_input(f"{PAGE}.task")
    ask: dict[Kind, Callable[[], MakePlans | None]] = {
        "ner": partial(_taggers_input, actor),
        "qa": partial(evaluate_question_form.models_input, actor),
    }
    with st.container(), state.error_guard(f"{PAGE}.form"):
        plans = ask[task]()
        st.button(
            "Evaluate",
            type="primary",
            icon=":material/play_arrow:",
            key=f"{PAGE}.begin",
            disabled=plans is None,
            # Only on the click: the files are read to hash them.
            on_click=partial(_begin, actor, plans) if plans else None,
        )
    with told:
        run_controls.show_told()


def _taggers_input(actor: Actor | None) -> MakePlans | None:
    """Ask for taggers and what they are to tag; None as long as something is missing."""
    trained = trained_models("ner")
    models = st.multiselect(
        "Taggers",
        [BUNDLED, *trained],
        default=[BUNDLED],
        format_func=lambda one: _title(one, trained),
        key=f"{PAGE}.models",
        help="what runs of the page Train have made, and the bundled one",
        select_all=False,
        persist_state="session",
    )
    tables.show_heading("Test sentences with gold entities")
    tests = train_data.parts_input(
        actor, "ner", "test", usual="a corpus, a file or a project must be given", as_files=True
    )
    tables.show_heading("Training sentences")
    st.caption("Some perturbations need them, and they tell entities that were seen from others.")
    training = train_data.parts_input(
        actor, "ner", "seen", usual="those perturbations are left out", as_files=True
    )
    left, right = st.columns([4, 1])
    names = left.multiselect(
        "Perturbations",
        PERTURBATIONS.names(),
        default=list(PERTURBATIONS.names()),
        key=f"{PAGE}.perturbations",
        persist_state="session",
    )
    seeds = right.number_input(
        "Seeds", 1, _MOST_SEEDS, 1, key=f"{PAGE}.seeds", help="each perturbs anew"
    )
    if not (models and tests):
        return None
    return lambda: [_plan(one, trained, tests, training, names, int(seeds)) for one in models]


def _title(name: str, trained: dict[str, Run]) -> str:
    return f"{name}: {trained[name].plan.name}" if name in trained else f"{name} (bundled)"


def _plan(
    name: str,
    trained: dict[str, Run],
    tests: Sequence[DataChoice],
    training: Sequence[DataChoice],
    perturbations: Sequence[str],
    seeds: int,
) -> Plan:
    """Make the run that evaluates one model."""
    run = trained.get(name)
    words = ["evaluate", "--tagger", name if run is None else model_folder(run), "--json"]
    for one in tests:
        words += ["--test", f"{one.language}={one.source}"]
    for one in training[:1]:
        words += ["--train-file", one.source, "--source", one.language]
    runnable = [one for one in perturbations if training or not _needs_training(one)]
    if runnable:
        words += ["--perturb", ",".join(runnable), "--seeds", ",".join(map(str, range(seeds)))]
    return Plan(
        name=f"evaluate {name}",
        words=tuple(words),
        config={
            "task": "evaluate",
            "model": name,
            "method": BUNDLED if run is None else method_of(run.plan),
            "perturbations": "+".join(runnable),
            "seeds": seeds,
        },
        seed=None if run is None else run.plan.seed,
        data={one.source: hash_of(one.source) for one in (*tests, *training[:1])},
    )


def _needs_training(name: str) -> bool:
    return bool(getattr(PERTURBATIONS.get(name), "needs_training", False))


def _begin(actor: Actor | None, plans: MakePlans) -> None:
    def begin() -> None:
        for plan in plans():
            jobs.create(plan)
        jobs.start()

    run_controls.attempt(actor, begin, "On its way: the page Train shows how far it is.")
