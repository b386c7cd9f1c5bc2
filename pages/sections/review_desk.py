"""A project on the reviewer's desk: its sentences, its runs, and what was decided so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.errors import SpanbridgeError
from core.methods import DEFAULT
from core.overview.disagreement import Survey, survey
from core.overview.outcomes import CorpusRun
from core.store import decisions
from core.store.decisions import Standing, State, track_of
from core.store.people import Actor
from core.store.projects import Item, Project, items, projects
from core.store.runs import StoredRun, load_projection, load_run, runs
from core.types import Projection
from pages.widgets import reviewer, state, tables

PAGE = "review"
MOST_METHODS = 9
"""As many as there are number keys."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a reviewer works on.

    Attributes:
        actor: who works.
        project: the project.
        items: its sentences, in corpus order.
        stored: its runs, the one whose answers are reviewed first; nine at most.
        runs: their outcomes, by name, in the same order.
        track: where the actor's decisions go.
    """

    actor: Actor
    project: Project
    items: tuple[Item, ...]
    stored: tuple[StoredRun, ...]
    runs: Mapping[str, CorpusRun]
    track: str

    @property
    def main(self) -> StoredRun:
        """Return the run whose answers are reviewed."""
        return self.stored[0]

    @property
    def corpus(self) -> CorpusRun:
        """Return its outcomes."""
        return self.runs[self.main.name]

    @property
    def survey(self) -> Survey | None:
        """Return the comparison of all runs; None for one alone."""
        if len(self.stored) < 2:
            return None
        return _survey(tuple(run.id for run in self.stored), reviewer.store().name, self.runs)

    def standing(self) -> dict[int, Standing]:
        """Return what stands in the actor's track, by place."""
        found = decisions.standing(reviewer.store(), self.project, self.track)
        places = {item.id: item.place for item in self.items}
        return {places[sentence]: one for sentence, one in found.items()}

    def states(self) -> dict[int, State]:
        """Return what stands in the actor's track with its answers, by place."""
        found = decisions.states(reviewer.store(), self.project, self.track)
        places = {item.id: item.place for item in self.items}
        return {places[one.sentence]: one for one in found}

    def state(self, place: int) -> State:
        """Return what stands for one sentence in the actor's track."""
        sentence = self.items[place].id
        return decisions.state_of(reviewer.store(), self.project, sentence, self.track)

    def projection(self, run: StoredRun, place: int) -> Projection:
        """Return what a run made of a sentence, with its trace."""
        return _projection(reviewer.store().name, run.id, self.items[place].id, run)

    def run_of(self, number: int | None) -> StoredRun:
        """Return a run by its id in the store; the main one where it is not on the desk."""
        return next((run for run in self.stored if run.id == number), self.main)


def choose_project() -> Project | None:
    """Ask for a project; the page's address may name one."""
    known = projects(reviewer.store())
    if not known:
        return None
    names = [one.name for one in known]
    told = state.take_from_address(f"{PAGE}.project", "project", names)
    tables.show_texts([told] if told else [], key=f"{PAGE}.address.project", tone="warning")
    languages = {one.name: f"{one.source_language} → {one.target_language}" for one in known}
    name = st.selectbox(
        "Project",
        names,
        format_func=lambda one: f"{one} ({languages[one]})",
        key=f"{PAGE}.project",
        persist_state="session",
    )
    return next(one for one in known if one.name == name)


def make_desk(actor: Actor, project: Project) -> Desk | None:
    """Lay out a project; None where no method was run over it yet.

    Args:
        actor: who works.
        project: the project.
    """
    stored = runs(reviewer.store(), project)
    if not stored:
        return None
    names = [run.name for run in stored]
    key = f"{PAGE}.run"
    if st.session_state.get(key) not in names:
        st.session_state[key] = DEFAULT if DEFAULT in names else names[0]
    chosen = st.selectbox(
        "Answers of",
        names,
        key=key,
        persist_state="session",
        help="the method whose answers come up for review; the others stand beside them",
    )
    ordered = sorted(stored, key=lambda run: run.name != chosen)[:MOST_METHODS]
    name = reviewer.store().name
    return Desk(
        actor=actor,
        project=project,
        items=_items(name, project.id, project),
        stored=tuple(ordered),
        runs={run.name: _outcomes(name, run.id, run) for run in ordered},
        track=track_of(project, actor),
    )


@st.cache_resource(max_entries=6, show_spinner="Reading the project …")
def _items(store_name: str, number: int, _project: Project) -> tuple[Item, ...]:  # noqa: ARG001
    return tuple(items(reviewer.store(), _project))


@st.cache_resource(max_entries=24, show_spinner="Reading the runs …")
def _outcomes(store_name: str, number: int, _run: StoredRun) -> CorpusRun:  # noqa: ARG001
    return load_run(reviewer.store(), _run)


@st.cache_resource(max_entries=64, show_spinner=False)
def _projection(
    store_name: str,  # noqa: ARG001 (part of the cache's key)
    number: int,  # noqa: ARG001
    sentence: int,
    _run: StoredRun,
) -> Projection:
    return load_projection(reviewer.store(), _run, sentence)


@st.cache_resource(max_entries=12, show_spinner="Comparing …")
def _survey(
    numbers: Sequence[int],  # noqa: ARG001 (part of the cache's key)
    store_name: str,  # noqa: ARG001
    _runs: Mapping[str, CorpusRun],
) -> Survey:
    return survey(_runs)


def attempt(action: Callable[[], object]) -> bool:
    """Do something on a click; what goes wrong is told when the page is drawn.

    Returns:
        Whether it worked.
    """
    try:
        action()
    except SpanbridgeError as error:
        say(str(error), tone="error")
        return False
    return True


def say(text: str, *, tone: tables.Tone = "note") -> None:
    """Have something told on top of the page when it is drawn next."""
    st.session_state.setdefault(f"{PAGE}.told", []).append((text, tone))


def show_told() -> None:
    """Tell what came of the last click."""
    for place, (text, tone) in enumerate(st.session_state.pop(f"{PAGE}.told", [])):
        tables.show_texts([text], key=f"{PAGE}.told.{place}", tone=tone)
