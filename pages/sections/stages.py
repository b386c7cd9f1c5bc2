"""Inputs for the stages before projection, and for what else some methods want."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st

from core import jobs
from core.config import ComponentChoice, RunConfig
from core.errors import StoreError
from core.labellers import LABELLERS
from core.registry import Registry
from core.routes import ROUTES
from core.stage_choice import (
    LABELLER,
    TRANSLATOR,
    Stage,
    needs_source,
    translator_note,
    wants_tagger,
)
from core.store.launches import pinned_taggers
from core.translators import TRANSLATORS
from pages.widgets import forms, reviewer

_TRAINED = "token_classifier"
# The labeller that takes the entities a sentence came with.
_GOLD = "gold"


def stage_inputs(config: RunConfig, needed: Collection[Stage], *, page: str) -> RunConfig:
    """Ask for the stages that make a labelled source sentence, and for what else a method wants.

    Args:
        config: a method, from `forms.method_inputs`.
        needed: stages without which the sentences cannot be projected; the others may be left out.
        page: first part of the widget keys.
    """
    changes: dict[str, ComponentChoice | None] = {}
    if needs_source(config):
        with st.expander("Translation", expanded=bool(needed), key=f"{page}.expander.translator"):
            changes["translator"] = _stage_input(
                TRANSLATORS, TRANSLATOR, needed="translator" in needed, key=f"{page}.translator"
            )
        with st.expander("Labelling", key=f"{page}.expander.labeller"):
            changes["labeller"] = _stage_input(
                LABELLERS, LABELLER, needed="labeller" in needed, key=f"{page}.labeller"
            )
    if ROUTES.get(config.route.name).translates_back:
        start = config.back_translator or ComponentChoice(name=TRANSLATOR)
        with st.expander("Translation back, with markers", key=f"{page}.expander.back_translator"):
            choice = forms.choose_component(
                TRANSLATORS, start, key=f"{page}.back_translator.{start.name}"
            )
            st.caption(translator_note(choice))
        changes["back_translator"] = choice
    if wants_tagger(config):
        start = config.tagger or ComponentChoice(name=LABELLER)
        with st.expander("Tagger of target sentences", key=f"{page}.expander.tagger"):
            changes["tagger"] = _pinned_input(f"{page}.tagger") or forms.choose_component(
                LABELLERS,
                start,
                key=f"{page}.tagger.{start.name}",
                label="Tagger",
                without=(_GOLD,),
            )
    return config.model_copy(update=changes)


def _stage_input(
    registry: Registry[Any], usual: str, *, needed: bool, key: str
) -> ComponentChoice | None:
    """Ask for a stage; where the corpus brings what it makes, it is left out unless chosen."""
    label = registry.family.capitalize()
    if not needed and not st.toggle(
        f"{label} instead of what the sentences bring", key=f"{key}.wanted", persist_state="session"
    ):
        return None
    if registry is LABELLERS:
        pinned = _pinned_input(key)
        if pinned is not None:
            return pinned
    # Where sentences bring no entities, those they brought are none.
    without = (_GOLD,) if needed else ()
    choice = forms.choose_component(
        registry, ComponentChoice(name=usual), key=key, label=label, without=without
    )
    if registry is TRANSLATORS:
        st.caption(translator_note(choice))
    return choice


def _pinned_input(key: str) -> ComponentChoice | None:
    """Ask for a tagger that was pinned on the page Train, where there is one."""
    try:
        found = pinned_taggers(reviewer.store(), jobs.runs_folder())
    except StoreError:  # sentences are projected without the store too
        return None
    names = {one.model: f"{one.run}: {one.name}" for one in found}
    if not names:
        return None
    chosen = st.selectbox(
        "Pinned tagger",
        list(names),
        index=None,
        format_func=lambda one: names.get(one, one),
        placeholder="none: choose below",
        key=f"{key}.pinned",
        persist_state="session",
        help="what runs of the page Train have made and somebody has pinned there",
    )
    if chosen not in names:
        return None
    return ComponentChoice(name=_TRAINED, parameters={"model": chosen})
