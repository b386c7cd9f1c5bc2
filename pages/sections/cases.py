"""The pair on the screen, solved: what the run at the left gives, and what stands there now.

Everything dear is kept per pair (`core.whatif.case`), so that a slider, a link or a pin is answered
within milliseconds. What a person changed is kept for the session, pair by pair.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.config import RunConfig
from core.types import Projection, SentencePair
from core.whatif.case import Case, evidence_key, make_case, solve
from core.whatif.edits import NO_EDITS, Edits, History
from core.whatif.knobs import Knob, knob_of, knobs, turn
from core.whatif.rewrite import rewrite
from pages.widgets import state

Texts = tuple[str | None, str | None]
"""Other words for source and target; None leaves the corpus's own."""

NO_TEXTS: Texts = (None, None)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of one pair.

    Attributes:
        page: first part of the widget keys.
        place: what the pair is known by.
        original: the pair as the corpus has it.
        pair: with other words, where there are such.
        case: what decisions rest on.
        config: the run at the left.
        turned: the same with what-if values.
        edits: links, pins, bans and entities that were changed.
        stored: what the run at the left gives, without any change.
        now: what stands on the screen.
    """

    page: str
    place: state.Place
    original: SentencePair
    pair: SentencePair
    case: Case
    config: RunConfig
    turned: RunConfig
    edits: Edits
    stored: Projection
    now: Projection

    @property
    def changed(self) -> bool:
        """Tell whether anything differs from the stored run."""
        return bool(self.edits) or self.turned != self.config or self.pair is not self.original


@st.cache_resource(max_entries=48, show_spinner=False)
def _case(
    key: str,  # noqa: ARG001 (part of the cache's key)
    place: state.Place,  # noqa: ARG001
    texts: Texts,  # noqa: ARG001
    _config: RunConfig,
    _pair: SentencePair,
) -> Case:
    return make_case(_config, _pair)


@st.cache_resource(max_entries=256, show_spinner=False)
def _solved(
    config_json: str,  # noqa: ARG001 (part of the cache's key)
    place: state.Place,  # noqa: ARG001
    texts: Texts,  # noqa: ARG001
    edits_text: str,  # noqa: ARG001
    _case: Case,
    _config: RunConfig,
    _edits: Edits,
) -> Projection:
    return solve(_case, _config, _edits)


def solved(
    config: RunConfig, place: state.Place, texts: Texts, edits: Edits, pair: SentencePair
) -> tuple[Case, Projection]:
    """Solve a pair, or take the answer from the cache.

    Args:
        config: the method.
        place: what the pair is known by.
        texts: other words for its sentences.
        edits: what was changed on it.
        pair: with those words.

    Raises:
        SpanbridgeError: the configuration cannot work here, or edits and pair do not fit. A pair
            that fails comes back failed.
    """
    state.ready_pipeline(config)
    case = _case(evidence_key(config), place, texts, config, pair)
    key = config.model_dump_json()
    return case, _solved(key, place, texts, str(edits), case, config, edits)


def show(config: RunConfig, pair: SentencePair, place: state.Place, *, page: str) -> Shown:
    """Solve the pair on the screen, as the run has it and with everything that was changed.

    Args:
        config: the run at the left.
        pair: as the corpus has it.
        place: what it is known by.
        page: first part of the widget keys.

    Raises:
        SpanbridgeError: see `solved`.
    """
    texts = texts_of(place, page=page)
    edited = with_texts(pair, texts)
    values = {
        key: value
        for key, value in overrides(config, page=page).items()
        if knob_of(knobs(config), key) is not None
    }
    turned = turn(config, values) if values else config
    edits = history_of(place, page=page).now
    with st.spinner("Projecting …"):
        _, stored = solved(config, place, NO_TEXTS, NO_EDITS, pair)
        case, now = solved(turned, place, texts, edits, edited)
    return Shown(page, place, pair, edited, case, config, turned, edits, stored, now)


def with_texts(pair: SentencePair, texts: Texts) -> SentencePair:
    """Return a pair with other words, the same pair where there are none.

    Raises:
        DataError: a text without words.
    """
    source, target = texts
    if source is not None:
        pair = rewrite(pair, "source", source)
    return pair if target is None else rewrite(pair, "target", target)


def overrides(config: RunConfig, *, page: str) -> dict[str, float]:
    """Return the what-if values of a method, by knob; changing the dictionary keeps them."""
    known: dict[str, dict[str, float]] = st.session_state.setdefault(f"{page}.overrides", {})
    return known.setdefault(config.method, {})


def history_of(place: state.Place, *, page: str) -> History:
    """Return what was changed on a pair, and what was undone."""
    known: dict[state.Place, History] = st.session_state.setdefault(f"{page}.histories", {})
    return known.get(place, History())


def keep_history(place: state.Place, history: History, *, page: str) -> None:
    """Keep what was changed on a pair for the session."""
    known: dict[state.Place, History] = st.session_state.setdefault(f"{page}.histories", {})
    known[place] = history


def texts_of(place: state.Place, *, page: str) -> Texts:
    """Return the other words of a pair, if there are any."""
    known: dict[state.Place, Texts] = st.session_state.setdefault(f"{page}.texts", {})
    return known.get(place, NO_TEXTS)


def keep_texts(place: state.Place, texts: Texts, *, page: str) -> None:
    """Keep other words of a pair for the session."""
    known: dict[state.Place, Texts] = st.session_state.setdefault(f"{page}.texts", {})
    known[place] = texts


def selected_entity(shown: Shown) -> int | None:
    """Return the entity that is looked at: the chosen one, else the one most in doubt."""
    entities = shown.now.pair.source.spans
    if not entities:
        return None
    chosen = chosen_entity(shown)
    return most_doubtful(shown.now) if chosen is None else chosen


def chosen_entity(shown: Shown) -> int | None:
    """Return the entity that somebody chose, if it is one of this pair."""
    chosen = st.session_state.get(f"{shown.page}.selected")
    if chosen is None or chosen[0] != shown.place:
        return None
    return int(chosen[1]) if chosen[1] < len(shown.now.pair.source.spans) else None


def select_entity(place: state.Place, entity: int | None, *, page: str) -> None:
    """Look at an entity."""
    st.session_state[f"{page}.selected"] = None if entity is None else (place, entity)


def most_doubtful(projection: Projection) -> int:
    """Return the entity to look at first: one that gold has elsewhere, else the least margin.

    Args:
        projection: of a pair with a source entity at least.
    """
    gold = projection.pair.target.spans if projection.pair.has_gold else None

    def doubt(entity: int) -> tuple[bool, float]:
        label = projection.pair.source.spans[entity].label
        own = [one for one in projection.decisions if one.entity == entity]
        right = gold is None or any(
            one.candidate is not None
            and any(
                (span.start, span.end, span.label)
                == (one.candidate.start, one.candidate.end, label)
                for span in gold
            )
            for one in own
        )
        return right, min((one.margin for one in own), default=0.0)

    return min(range(len(projection.pair.source.spans)), key=doubt)


def main_knobs(config: RunConfig) -> tuple[list[Knob], list[Knob]]:
    """Return the knobs that are always shown, and those of the scores themselves."""
    found = knobs(config)
    used = {f"scores.{score.name}.weight" for score in config.scores}
    first = [
        one for one in found if one.kind != "score" and (one.kind != "weight" or one.key in used)
    ]
    return first, [one for one in found if one not in first]
