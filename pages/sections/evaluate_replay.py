"""Attack replay: perturb one side of a corpus, and see which entities flip, and at which stage."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.config import ComponentChoice, RunConfig
from core.errors import SpanbridgeError
from core.overview.replay import SIDES, Attack, Replay, ReplayWork, read_training
from core.perturbations import PERTURBATIONS
from core.stage_choice import with_stages
from core.store.people import Actor
from core.training.spec import DataChoice
from core.types import SentencePair
from pages.sections import evaluate_flips, train_data
from pages.sections.corpus_choice import CorpusPlace, choose_corpus
from pages.sections.evaluate_runs import trained_models
from pages.widgets import forms, state, tables

PAGE = "replay"
_ASKED = f"{PAGE}.asked"
_GIVEN, _BUNDLED = "as the corpus has them", "default"
_MOST_SENTENCES, _USUAL_SENTENCES = 500, 60


@dataclass(frozen=True, slots=True)
class _Request:
    """What is to be replayed.

    Attributes:
        config: the method with its stages.
        place: the corpus.
        limit: how many of its pairs.
        attack: what is done to them.
        training: file of training sentences, where the attack needs them; else None.
    """

    config: RunConfig
    place: CorpusPlace
    limit: int
    attack: Attack
    training: DataChoice | None = None

    @property
    def key(self) -> str:
        """Return what tells it from other requests."""
        parts = (self.config.model_dump_json(), *self.place, self.limit, self.attack, self.training)
        return "|".join(map(str, parts))

    @property
    def corpus(self) -> str:
        """Return what signatures call its sentences."""
        name, source, target, split = self.place
        parts = (name, f"{source}-{target}", split, f"first {self.limit}")
        return "/".join(filter(None, parts))

    def pairs(self) -> Sequence[SentencePair]:
        """Return its sentence pairs."""
        return state.read_corpus(*self.place).pairs[: self.limit]


@dataclass(slots=True)
class _Slot:
    """Place for a replay, shared by all sessions; changed under its lock only."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    work: ReplayWork | None = None
    found: Replay | None = None


@st.cache_resource(max_entries=6, show_spinner=False)
def _slot(key: str) -> _Slot:  # noqa: ARG001
    return _Slot()


def show_replay(actor: Actor | None) -> None:
    """Ask for corpus, method and attack, run it on the click, and show what flipped.

    Args:
        actor: who is there; None as long as nobody has said.
    """
    request = None
    with st.container(), state.error_guard(f"{PAGE}.form"):
        request = _request_input(actor)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Replay the attack",
            type="primary",
            icon=":material/play_arrow:",
            key=f"{PAGE}.begin",
            disabled=request is None,
            on_click=lambda: st.session_state.update({_ASKED: request}),
        )
        area = st.empty()
    asked: _Request | None = st.session_state.get(_ASKED)
    if asked is None:
        tables.show_texts(
            [
                "Every sentence is projected twice, as it is and perturbed. You will see each "
                "entity that comes out otherwise, and the stage at which the two runs part."
            ],
            key=f"{PAGE}.none",
            tone="note",
        )
        return
    with st.container(), state.error_guard(PAGE):
        found = _replayed(asked, area)
        if request is not None and request.key != asked.key:
            tables.show_texts(
                ["The choices above have changed since: this is what was replayed before."],
                key=f"{PAGE}.old",
                tone="warning",
            )
        evaluate_flips.show_found(found, page=PAGE, subject=asked.key)


def _request_input(actor: Actor | None) -> _Request | None:
    """Ask for everything; None as long as something is missing."""
    left, middle, right = st.columns(3, gap="medium")
    with left:
        tables.show_heading("Sentences")
        place = choose_corpus(PAGE)
        limit = st.number_input(
            "Sentences at most",
            1,
            _MOST_SENTENCES,
            _USUAL_SENTENCES,
            key=f"{PAGE}.limit",
            persist_state="session",
        )
    with middle:
        tables.show_heading("Method")
        labeller = _labeller_input()
        config = _with_labeller(forms.method_inputs(PAGE), labeller)
    with right:
        tables.show_heading("Attack")
        attack = _attack_input()
    training = None
    if PERTURBATIONS.get(attack.perturbation.name).needs_training:
        training = _training_input(actor)
        if training is None:
            return None
    config = with_stages(config, state.read_corpus(*place).pairs[: int(limit)])
    return _Request(config, place, int(limit), attack, training)


def _labeller_input() -> ComponentChoice | None:
    """Ask who finds the source entities; None leaves those that the corpus has."""
    trained = trained_models("ner")
    options = [_GIVEN, _BUNDLED, *trained]
    key = f"{PAGE}.labeller"
    if st.session_state.get(key) not in options:  # its run was removed
        st.session_state.pop(key, None)

    def title(name: str) -> str:
        if name in trained:
            return f"{name}: {trained[name].plan.name}"
        return f"{name} (bundled tagger)" if name == _BUNDLED else name

    name = st.selectbox(
        "Source entities",
        options,
        format_func=title,
        key=key,
        help="found by a tagger, such as a run of the page Train has made, or given",
        persist_state="session",
    )
    if name == _GIVEN:
        return None
    if name not in trained:
        return ComponentChoice(name=_BUNDLED)
    return ComponentChoice(name="token_classifier", parameters={"model": f"run:{name}"})


def _with_labeller(config: RunConfig, labeller: ComponentChoice | None) -> RunConfig:
    """Label source sentences, and look at target sentences where the method does, with a tagger."""
    if labeller is None:
        return config
    tagger = None if config.tagger is None else labeller
    return config.model_copy(update={"labeller": labeller, "tagger": tagger})


def _attack_input() -> Attack:
    side = st.segmented_control(
        "Side that is perturbed",
        SIDES,
        default=SIDES[0],
        required=True,
        format_func=str.capitalize,
        key=f"{PAGE}.side",
        help="the other sentence stays as it is",
        persist_state="session",
    )
    perturbation = forms.choose_component(
        PERTURBATIONS,
        ComponentChoice(name="typos"),
        key=f"{PAGE}.perturbation",
        label="Perturbation",
    )
    seed = st.number_input(
        "Seed", 0, 10_000, 0, key=f"{PAGE}.seed", help="of all choices", persist_state="session"
    )
    return Attack(perturbation, side=side, seed=int(seed))


def _training_input(actor: Actor | None) -> DataChoice | None:
    tables.show_heading("Training sentences")
    st.caption("This perturbation changes what was seen in training. Give the language perturbed.")
    found = train_data.parts_input(
        actor, "ner", "seen", usual="this perturbation needs them", as_files=True
    )
    return next(iter(found), None)


def _replayed(request: _Request, area: DeltaGenerator) -> Replay:
    """Run a request to its end, or take it from the cache.

    Raises:
        SpanbridgeError: the method or the attack cannot run here.
    """
    slot = _slot(request.key)
    if slot.found is not None:
        return slot.found
    try:
        found = _run(slot, request, area)
    except SpanbridgeError:
        area.empty()
        raise
    area.empty()
    return found


def _run(slot: _Slot, request: _Request, area: DeltaGenerator) -> Replay:
    """Advance a replay step by step until it is whole; other sessions may take turns.

    Streamlit ends this script when its user does something; the next one goes on from there.
    """
    with area.container():
        bar = st.progress(0.0, "Beginning …")
        workflow = state.ready_pipeline(request.config)
        while True:
            with slot.lock:
                if slot.found is not None:
                    return slot.found
                if slot.work is None:
                    attack = _with_training(request)
                    slot.work = ReplayWork(workflow, request.pairs(), attack, request.corpus)
                slot.work.advance()
                done, total = slot.work.progress
                told = "Finding source entities" if slot.work.preparing else "Projecting"
                if slot.work.done:
                    slot.found, slot.work = slot.work.result(), None
            bar.progress(done / max(total, 1), f"{told}: {done} of {total} …")


def _with_training(request: _Request) -> Attack:
    attack, training = request.attack, request.training
    if training is None:
        return attack
    path = Path(training.source)
    return Attack(
        attack.perturbation,
        side=attack.side,
        seed=attack.seed,
        training=read_training(path, training.language),
        trained_on=path.name,
    )
