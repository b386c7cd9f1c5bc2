"""Whole corpora run from a page: kept for all sessions, with a bar, to be left and taken up again.

Streamlit stops a page's script when its user does anything. So a run advances by steps, what a step
made stays in a place that all sessions share, and whoever comes next goes on from there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.config import RunConfig
from core.overview.outcomes import CorpusRun, CorpusWork
from core.types import SentencePair
from pages.widgets import state

# Larger corpora are projected as a whole only when a button asks for it.
AT_ONCE = 200


@dataclass(slots=True)
class _Slot:
    """Place for the run of a corpus under one configuration; changed under its lock only."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    work: CorpusWork | None = None
    run: CorpusRun | None = None

    @property
    def finished(self) -> int:
        """Return how many sentences are done."""
        return 0 if self.work is None else len(self.work.outcomes)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One run that is asked for and not there yet."""

    name: str
    config: RunConfig
    slot: _Slot


@st.cache_resource(max_entries=32, show_spinner=False)
def _slot(config_json: str, place: state.Place) -> _Slot:  # noqa: ARG001
    return _Slot()


def known_run(config: RunConfig, place: state.Place) -> CorpusRun | None:
    """Return a corpus's run under a method, if all of it has been projected.

    Args:
        config: the method.
        place: what the corpus is known by.
    """
    return _slot(config.model_dump_json(), place).run


def corpus_run(
    config: RunConfig, pairs: Sequence[SentencePair], place: state.Place, *, page: str
) -> CorpusRun | None:
    """Project a whole corpus, or take it from the cache; a large one waits for a button.

    Args:
        config: the method.
        pairs: the corpus.
        place: what it is known by.
        page: first part of the widget keys.

    Returns:
        The run; None where it has not been asked for yet.

    Raises:
        SpanbridgeError: the method cannot run here.
    """
    return corpus_runs({config.method: config}, pairs, place, page=page).get(config.method)


def corpus_runs(
    configs: Mapping[str, RunConfig],
    pairs: Sequence[SentencePair],
    place: state.Place,
    *,
    page: str,
) -> dict[str, CorpusRun]:
    """Project a corpus with several methods; those that are not there yet wait for one button.

    A method that cannot run here is told and left out.

    Args:
        configs: methods by the name to show.
        pairs: the corpus.
        place: what it is known by.
        page: first part of the widget keys.

    Returns:
        The runs that are there, in order.

    Raises:
        SpanbridgeError: there is one method only, and it cannot run here.
    """
    slots = {name: _slot(config.model_dump_json(), place) for name, config in configs.items()}
    wanted = [
        _Wanted(name, configs[name], slot) for name, slot in slots.items() if slot.run is None
    ]
    question, area = st.empty(), st.empty()
    if wanted and _asked_for(wanted, len(pairs), place, question, page=page):
        for one in wanted:
            if len(configs) == 1:
                _finish(one, pairs, place, area, page=page)
            else:
                with state.error_guard(f"{page}.{one.name}"):
                    _finish(one, pairs, place, area, page=page)
        area.empty()
    return {name: slot.run for name, slot in slots.items() if slot.run is not None}


def _asked_for(
    wanted: Sequence[_Wanted],
    count: int,
    place: state.Place,
    area: DeltaGenerator,
    *,
    page: str,
) -> bool:
    """Tell whether to run now: small corpora at once, others and stopped ones on a button."""
    stopped = st.session_state.get(f"{page}.stopped") == place
    if count <= AT_ONCE and not stopped:
        return True
    done = sum(one.slot.finished for one in wanted)
    names = "" if len(wanted) == 1 else f" with {len(wanted)} methods"
    label = f"Project all {count} sentences{names}"
    if done:
        label = f"Go on projecting: {done} of {count * len(wanted)} are done"
    if area.button(label, type="primary", key=f"{page}.project_all"):
        st.session_state.pop(f"{page}.stopped", None)
        area.empty()
        return True
    return False


def _finish(
    wanted: _Wanted,
    pairs: Sequence[SentencePair],
    place: state.Place,
    area: DeltaGenerator,
    *,
    page: str,
) -> None:
    """Advance a run step by step until it is whole; other sessions may take turns.

    Args:
        wanted: what to run.
        pairs: the corpus.
        place: what it is known by.
        area: where the bar and the button that stops it are shown.
        page: first part of the widget keys.
    """

    def stop() -> None:
        st.session_state[f"{page}.stopped"] = place

    slot, name = wanted.slot, wanted.name
    with area.container():
        bar = st.progress(0.0, f"{name}: beginning …")
        st.button("Stop projecting", on_click=stop, key=f"{page}.stop.{name}")
        workflow = state.ready_pipeline(wanted.config)
        while slot.run is None:
            with slot.lock:
                advance(slot, lambda: CorpusWork(workflow, pairs, "/".join(map(str, place))))
            if slot.work is not None:
                # Here, between two steps, the script ends if its user has done anything.
                bar.progress(*_progress(slot.work, name))
    area.empty()


def advance(slot: _Slot, start: Callable[[], CorpusWork]) -> None:
    """Do one step of a run; the lock is the caller's.

    Args:
        slot: where the run is kept.
        start: begins it.
    """
    if slot.run is not None:  # another session was quicker
        return
    if slot.work is None:
        slot.work = start()
    if not slot.work.done:
        slot.work.advance()
    if slot.work.done:
        slot.run, slot.work = slot.work.result(), None


def _progress(work: CorpusWork, name: str) -> tuple[float, str]:
    count = len(work.pairs)
    if work.preparing:
        made = len(work.prepared)
        return made / count, f"{name}: made {made} of {count} source sentences …"
    done = len(work.outcomes)
    return done / count, f"{name}: projected {done} of {count} sentences …"
