"""A project on the reviewer's desk: its sentences, its runs, and what was decided so far."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.errors import SpanbridgeError
from core.overview.disagreement import Survey, survey
from core.overview.outcomes import CorpusRun
from core.review import seen
from core.review.starting import main_run
from core.store import decisions
from core.store.answers import Answer
from core.store.decisions import Standing, State, track_of
from core.store.log import noted
from core.store.people import Actor
from core.store.projects import Item, Project, items, projects
from core.store.runs import StoredRun, load_projection, load_run, runs
from core.types import Projection, SentencePair
from pages.widgets import addresses, reviewer, tables

PAGE = "review"
MOST_METHODS = 9
"""As many as there are number keys."""
_MOST_NUMBERS = 20


@dataclass(frozen=True, slots=True)
class Desk:
    """What a reviewer works on.

    Attributes:
        actor: who works.
        project: the project.
        items: its sentences, in corpus order.
        stored: its runs, the one whose answers are reviewed first; nine at most.
        others: its runs beyond those.
        runs: their outcomes, by name, in the same order.
        track: where the actor's decisions go.
    """

    actor: Actor
    project: Project
    items: tuple[Item, ...]
    stored: tuple[StoredRun, ...]
    others: tuple[StoredRun, ...]
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
    def places(self) -> dict[int, int]:
        """Return the place of every sentence, by its id in the store."""
        return {item.id: item.place for item in self.items}

    @property
    def survey(self) -> Survey | None:
        """Return the comparison of all runs; None for one alone."""
        if len(self.stored) < 2:
            return None
        return _survey(tuple(run.id for run in self.stored), reviewer.store().name, self.runs)

    def standing(self) -> dict[int, Standing]:
        """Return what stands in the actor's track, by place."""
        found = decisions.standing(reviewer.store(), self.project, self.track)
        places = self.places
        return {places[sentence]: one for sentence, one in found.items()}

    def noted(self) -> set[int]:
        """Return the places of sentences that have a note in the actor's track and no verdict."""
        found = noted(reviewer.store(), self.project, self.track)
        return {item.place for item in self.items if item.id in found}

    def states(self) -> dict[int, State]:
        """Return what stands in the actor's track with its answers, by place."""
        found = decisions.states(reviewer.store(), self.project, self.track)
        places = self.places
        return {places[one.sentence]: one for one in found}

    def seen(self, states: Mapping[int, State]) -> tuple[list[SentencePair], dict[int, Answer]]:
        """Return the answer of every place, and the pairs as their runs saw them.

        Args:
            states: by place; where nobody has said anything, the main run's answer stands.
        """
        said = {one.sentence: one.answer for one in states.values()}
        return seen.seen(self.items, said, self._behind(said.values()), self.main.id)

    def accepted(
        self, states: Mapping[int, State]
    ) -> tuple[dict[int, SentencePair], dict[int, Answer]]:
        """Return the accepted answers among states, and the pairs as their runs saw them.

        Args:
            states: by place.
        """
        answers = {
            place: one.answer for place, one in states.items() if one.answer.status == "accepted"
        }
        known, main = self._behind(answers.values()), self.main.id
        pairs = {
            place: seen.pair_seen(self.items[place], answer, known, main)
            for place, answer in answers.items()
        }
        return pairs, answers

    def _behind(self, answers: Iterable[Answer]) -> dict[int, CorpusRun]:
        """Return the main run and those that answers start from, by their ids."""
        used = {self.main.id, *(one.run for one in answers)}
        every, name = (*self.stored, *self.others), reviewer.store().name
        return {run.id: _outcomes(name, run.id, run) for run in every if run.id in used}

    def state(self, place: int) -> State:
        """Return what stands for one sentence in the actor's track."""
        sentence = self.items[place].id
        return decisions.state_of(reviewer.store(), self.project, sentence, self.track)

    def projection(self, run: StoredRun, place: int) -> Projection:
        """Return what a run made of a sentence, with its trace."""
        return _projection(reviewer.store().name, run.id, self.items[place].id, run)

    def run_of(self, number: int | None) -> StoredRun:
        """Return a run by its id in the store; the main one where the project has none of it."""
        every = (*self.stored, *self.others)
        return next((run for run in every if run.id == number), self.main)


def choose_project() -> Project | None:
    """Ask for a project; the page's address may name one."""
    known = projects(reviewer.store())
    if not known:
        return None
    names = [one.name for one in known]
    told = addresses.take_from_address(f"{PAGE}.project", "project", names)
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
    usual = main_run(stored)
    if usual is None:
        return None
    names = [run.name for run in stored]
    key = f"{PAGE}.run"
    if st.session_state.get(key) not in names:
        st.session_state[key] = usual.name
    chosen = st.selectbox(
        "Answers of",
        names,
        key=key,
        persist_state="session",
        help="the method whose answers come up for review; the others stand beside them",
    )
    every = sorted(stored, key=lambda run: run.name != chosen)
    ordered = every[:MOST_METHODS]
    name = reviewer.store().name
    return Desk(
        actor=actor,
        project=project,
        items=_items(name, project.id, project),
        stored=tuple(ordered),
        others=tuple(every[MOST_METHODS:]),
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


def say_left_alone(desk: Desk, sentences: Collection[int], why: str) -> None:
    """Have told which sentences a change of many has left as they are.

    Args:
        desk: the project.
        sentences: their ids.
        why: the reason, such as “Changed meanwhile”.
    """
    if not sentences:
        return
    places = desk.places
    numbers = sorted(places[one] + 1 for one in sentences)
    listed = ", ".join(map(str, numbers[:_MOST_NUMBERS]))
    if numbers[_MOST_NUMBERS:]:
        listed += f" and {len(numbers) - _MOST_NUMBERS} more"
    say(f"{why}, and left alone: {listed}.", tone="warning")


def show_told() -> None:
    """Tell what came of the last click."""
    for place, (text, tone) in enumerate(st.session_state.pop(f"{PAGE}.told", [])):
        tables.show_texts([text], key=f"{PAGE}.told.{place}", tone=tone)
