"""The address of a view: corpus, sentence, method, parameters, edits and the entity looked at.

What was typed is never put into it, and what comes from it is checked: a link that somebody sends
must not make the server open a file or fetch a model.
"""

from __future__ import annotations

import streamlit as st

from core.config import RunConfig, apply_settings, parse_settings
from core.errors import ConfigError, DataError, SpanbridgeError
from core.explain import entity_letter
from core.methods import named_methods
from core.types import SentencePair
from core.whatif.edits import NO_EDITS, check_edits, parse_edits
from core.whatif.knobs import knob_of, knobs
from core.whatif.settings import names_text, settings_between
from core.workflow import Workflow
from pages.sections import cases
from pages.sections.cases import Shown
from pages.widgets import addresses, state

# Choices that the address names besides settings and edits.
_CHOICES = ("mode", "corpus", "source", "target", "split", "method", "tab")
_PARTS = ";"


def follow(page: str) -> None:
    """Take a new address as the view to show: all choices begin anew from it.

    Args:
        page: first part of the widget keys.
    """
    asked = st.query_params.to_dict()
    if not asked or asked == st.session_state.get(f"{page}.address") or addresses.is_late_address():
        return
    st.session_state[f"{page}.address"] = asked
    addresses.forget_choices(page, [*_CHOICES, "sentence"])
    st.session_state[f"{page}.asked_view"] = asked
    st.session_state.pop(f"{page}.start", None)
    method = asked.get("method")
    if method is not None:
        st.session_state.get(f"{page}.overrides", {}).pop(method, None)
        for key in [one for one in st.session_state if str(one).startswith(f"{page}.{method}.")]:
            del st.session_state[key]


def _asked(page: str, name: str) -> str:
    asked: dict[str, str] = st.session_state.get(f"{page}.asked_view", {})
    return asked.get(name, "")


def start_settings(method: str, *, page: str) -> tuple[dict[str, str], list[str]]:
    """Return the settings that the address gives a method, and what to tell of those it may not.

    Args:
        method: name of the method that is chosen.
        page: first part of the widget keys.
    """
    kept: dict[str, dict[str, str]] = st.session_state.setdefault(f"{page}.start", {})
    if method in kept or method != _asked(page, "method"):
        return kept.get(method, {}), []
    messages = []
    settings: dict[str, str] = {}
    for part in filter(None, _asked(page, "set").split(_PARTS)):
        try:
            one = parse_settings([part])
            if any(map(names_text, one)):
                messages.append(
                    f"The address asks for {part}: files and models are taken from the settings "
                    "at the left only."
                )
                continue
            wanted = apply_settings(named_methods()[method].config, {**settings, **one})
            Workflow.from_config(wanted)  # a parameter that does not exist shows here
        except SpanbridgeError as error:
            messages.append(f"The address asks for a setting that does not fit: {error.message}.")
            continue
        settings |= one
    kept[method] = settings
    return settings, messages


def take_view(place: state.Place, pair: SentencePair, config: RunConfig, *, page: str) -> list[str]:
    """Take what-if values, edits and entity from the address, once, for the sentence it names.

    Args:
        place: what the pair is known by.
        pair: as the corpus has it.
        config: the method, whose knobs the values belong to.
        page: first part of the widget keys.

    Returns:
        What to tell the user of parts that do not fit.
    """
    asked: dict[str, str] = st.session_state.pop(f"{page}.asked_view", {})
    messages = []
    if asked.get("method", config.method) == config.method:
        messages += _take_values(asked.get("whatif", ""), config, page=page)
    if asked and str(place[-1]) == asked.get("sentence", str(place[-1])):
        messages += _take_edits(asked.get("edits", ""), place, pair, page=page)
        letter = asked.get("entity", "")
        letters = [entity_letter(index) for index in range(len(pair.source.words))]
        if letter in letters:
            cases.select_entity(place, letters.index(letter), page=page)
    return messages


def _take_values(text: str, config: RunConfig, *, page: str) -> list[str]:
    values, messages = {}, []
    found = knobs(config)
    for part in filter(None, text.split(_PARTS)):
        key, _, number = part.partition("=")
        knob = knob_of(found, key)
        try:
            value = float(number)
        except ValueError:
            value = float("nan")
        if knob is None or not knob.low <= value <= knob.high:
            messages.append(f"The address asks for {part}, which this method cannot be set to.")
        else:
            values[key] = value
    if values:
        cases.overrides(config, page=page).update(values)
    return messages


def _take_edits(text: str, place: state.Place, pair: SentencePair, *, page: str) -> list[str]:
    try:
        edits = parse_edits(text) if text else NO_EDITS
        check_edits(edits, pair)
    except (ConfigError, DataError) as error:
        return [f"The changes that the address names do not fit this sentence: {error.message}."]
    history = cases.history_of(place, page=page)
    if history.now == edits:
        return []
    cases.keep_history(place, history.do(edits), page=page)
    if history.now:
        return ["The address shows this sentence otherwise changed; Undo brings your changes back."]
    return []


def write(shown: Shown, names: dict[str, str | int], *, tab: str, usual_tab: str) -> list[str]:
    """Make the address lead back to this view.

    Args:
        shown: the pair as it stands.
        names: corpus, languages, split, sentence; empty for typed sentences.
        tab: the open tab.
        usual_tab: the one that is open anyway.

    Returns:
        What the address cannot hold, in words.
    """
    preset = named_methods()[shown.config.method].config
    settings = settings_between(preset, shown.config)
    kept_back = [key for key in settings if names_text(key)]
    values = cases.overrides(shown.config, page=shown.page)
    wanted: dict[str, str | int] = {
        **names,
        "method": shown.config.method,
        "set": _join({key: text for key, text in settings.items() if key not in kept_back}),
        "whatif": _join({key: f"{value:g}" for key, value in values.items()}),
    }
    missing = [f"{key} (files and models are not put into addresses)" for key in kept_back]
    if not names:
        missing.append("the sentences, which were typed")
    elif shown.pair is not shown.original:
        missing.append("the changed words")
    else:
        wanted["edits"] = str(shown.edits)
    entity = cases.chosen_entity(shown)
    if names and entity is not None:
        wanted["entity"] = entity_letter(entity)
    if tab != usual_tab:
        wanted["tab"] = tab
    addresses.write_address(wanted)
    st.session_state[f"{shown.page}.address"] = st.query_params.to_dict()
    return missing


def _join(settings: dict[str, str]) -> str:
    return _PARTS.join(f"{key}={value}" for key, value in settings.items())
