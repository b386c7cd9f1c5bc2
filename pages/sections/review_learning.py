"""What the decisions teach: weights tuned on the reviewed part, and running a method again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from core.config import RunConfig
from core.review.drafts import solving_config
from core.review.learning import LEAST_SENTENCES, Retuned, retune
from core.review.rerunning import run_again
from core.review.reviewed import final_states
from core.store import decisions
from core.store.answers import Answer
from core.store.methods import keep_method
from core.store.runs import StoredRun
from pages.sections import review_desk as desks
from pages.sections.review_desk import PAGE, Desk
from pages.widgets import pending, reviewer, state, tables

_BROKEN_OFF = {
    "changed": ["Broken off: something else is chosen now. What was made is kept under its name."],
    "stopped": ["Stopped. Run again goes on with it."],
}


def show_learning(desk: Desk) -> None:
    """Offer to tune the weights on what was reviewed, and to run a method with the decisions."""
    config = desk.main.config
    known, places = decisions.states(reviewer.store(), desk.project, None), desk.places
    accepted = {
        places[sentence]: one
        for sentence, one in final_states(desk.project, known).items()
        if one.answer.status == "accepted"
    }
    answers = {place: one.answer for place, one in accepted.items()}
    looked_at = {place: one.answer for place, one in accepted.items() if one.looked_at}
    if config is None:
        tables.show_texts(
            [f"{desk.main.name} was made elsewhere: its method is not known, and cannot be run."],
            key=f"{PAGE}.no_learning",
        )
        return
    left, right = st.columns(2, gap="medium")
    with left, state.error_guard(f"{PAGE}.tuning"):
        _tuning(desk, config, looked_at)
    with right, state.error_guard(f"{PAGE}.again"):
        _again(desk, config, answers)


def _tuning(desk: Desk, config: RunConfig, answers: dict[int, Answer]) -> None:
    tables.show_heading("Tune the score weights")
    tables.show_texts(
        [
            f"{len(answers)} sentences were accepted one by one; at least {LEAST_SENTENCES} with "
            "an entity are needed. How good the new weights are is told by sentences that took no "
            "part in choosing them."
        ],
        key=f"{PAGE}.tuning_told",
    )
    store = f"{PAGE}.tuned.{desk.main.id}"
    if st.button(
        "Tune", key=f"{PAGE}.tune", disabled=not answers or not desk.actor.may("reviewer")
    ):
        state.ready_pipeline(solving_config(config))
        with st.spinner("Tuning …"):
            tuning = solving_config(config).model_copy(update={"labels": desk.main.labels})
            pairs = [outcome.pair for outcome in desk.corpus.outcomes]
            st.session_state[store] = retune(tuning, pairs, answers)
    found: Retuned | None = st.session_state.get(store)
    if found is not None:
        _show_tuned(desk, found)


def _show_tuned(desk: Desk, found: Retuned) -> None:
    config = desk.main.config
    before = {score.name: score.weight for score in config.scores} if config else {}
    after = dict(found.tuned.setting.weights)
    tables.show_table(
        ("Score", "Weight now", "Tuned"),
        [(name, before.get(name, 0.0), after.get(name, 0.0)) for name in sorted({*before, *after})],
        caption=f"Weights, from {found.tuned.sentences} sentences",
        key=f"{PAGE}.weights",
    )
    low, high = 100 * found.gain.interval.low, 100 * found.gain.interval.high
    tables.show_texts(
        [
            f"F1 {100 * found.gain.first_f1:.1f} as it was, {100 * found.gain.second_f1:.1f} on "
            f"sentences the weights were chosen without: {100 * found.gain.difference:+.1f} points "
            f"({low:+.1f} to {high:+.1f}) are to be expected."
        ],
        key=f"{PAGE}.gain",
        tone="note",
    )
    name = st.text_input("Save as", key=f"{PAGE}.tuned_name", placeholder="my_method")

    def save() -> None:
        told = f"tuned on {found.tuned.sentences} reviewed sentences of {desk.project.name}"
        keep_method(desk.actor, found.method, name.strip(), told)
        desks.say(f"Saved as {name.strip()}: it is among the methods of every page.")

    st.button(
        "Save the method",
        key=f"{PAGE}.save_tuned",
        disabled=not (name or "").strip() or not desk.actor.may("reviewer"),
        on_click=partial(desks.attempt, save),
    )


def _again(desk: Desk, config: RunConfig, answers: dict[int, Answer]) -> None:
    tables.show_heading("Run again with the decisions")
    tables.show_texts(
        [
            f"{len(answers)} accepted answers become pins and bans; all other sentences are "
            "projected anew. The new run stands beside the others, and nothing is replaced."
        ],
        key=f"{PAGE}.again_told",
    )
    tuned: Retuned | None = st.session_state.get(f"{PAGE}.tuned.{desk.main.id}")
    with_tuned = st.checkbox(
        "With the tuned weights",
        tuned is not None,
        key=f"{PAGE}.with_tuned",
        disabled=tuned is None,
    )
    name = st.text_input(
        "Name of the new run", f"{desk.main.name}+review", key=f"{PAGE}.again_name"
    )
    pressed = st.button(
        "Run again", key=f"{PAGE}.run_again", disabled=not answers or not desk.actor.may("admin")
    )
    chosen = tuned.tuned.config if tuned is not None and with_tuned else config
    work = (desk.main.id, name, chosen.model_dump_json(), tuple(sorted(answers.items())))
    made: StoredRun | None = None
    with pending.asked_for(f"{PAGE}.again", work, pressed=pressed) as asked:
        if asked == "wanted":
            made = _made_again(desk, chosen, answers, name)
        with st.container():
            tables.show_texts(
                _BROKEN_OFF.get(asked, []), key=f"{PAGE}.again_broken_off", tone="warning"
            )
    if made is not None:
        desks.say(f"{made.name} stands among the runs: choose it at the left.")
        st.rerun()


def _made_again(
    desk: Desk, config: RunConfig, answers: Mapping[int, Answer], name: str
) -> StoredRun:
    state.ready_pipeline(solving_config(config))
    bar = st.progress(0.0, "Projecting …")

    def show(done: int, total: int) -> None:
        bar.progress(done / total, f"Projecting: {done} of {total}")

    made = run_again(
        reviewer.store(),
        desk.actor,
        desk.project,
        desk.main,
        config,
        answers,
        name=name,
        progress=show,
    )
    bar.empty()
    return made
