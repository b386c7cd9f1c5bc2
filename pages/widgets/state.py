"""What pages share: cached corpora and projections, the page's address, and the error guard.

Cached values are shared by all sessions and never changed; encoders lock themselves.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.config import RunConfig
from core.corpora import BadLines
from core.datasets import CorpusDescription, describe_corpora, load_corpus
from core.encoders import bundled
from core.errors import SpanbridgeError
from core.types import Projection, SentencePair
from core.workflow import Workflow
from pages.widgets.notices import heard_notices

Place = tuple[str | int, ...]
"""What a pair is known by in the caches: corpus, languages, split and number, or its own text."""

# Runs that a session keeps, so that going back to earlier settings costs nothing.
_KEPT_RUNS = 3
_REST_SECONDS = 0.0005
_KNOWN = "address.known"  # what the address said when it was last read or written
_NOTHING = object()
_STAGES = {
    "translate": "Translating",
    "label": "Finding entities in the source language",
    "encode": "Computing word vectors",
    "align": "Linking words",
    "mark": "Translating back, with markers",
    "tag": "Tagging the target sentences",
    "match": "Projecting",
}


@dataclass(frozen=True, slots=True)
class LoadedCorpus:
    """Sentence pairs, and how many sentences could not be read."""

    pairs: tuple[SentencePair, ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class Run:
    """What came of some sentences under a configuration.

    Attributes:
        key: configuration and sentences, to tell whether the choice has changed since.
        signature: both in words.
        projections: one a sentence.
        notes: what stages warned of, such as translations that were cut off.
    """

    key: tuple[str, Place]
    signature: str
    projections: tuple[Projection, ...]
    notes: tuple[str, ...] = ()


@contextmanager
def error_guard(page: str) -> Iterator[None]:
    """Show what a user can repair instead of a traceback; what follows the guard still runs.

    Args:
        page: first part of the key of the message's container.
    """
    try:
        yield
    except SpanbridgeError as error:
        hint = f'<p class="sb-hint" dir="auto">{escape(error.hint)}</p>' if error.hint else ""
        with st.container(key=f"{page}.error"):
            st.html(
                f'<div class="sb-texts sb-error" role="alert" data-code="{escape(error.code)}">'
                f'<p dir="auto">{escape(error.message)}</p>{hint}</div>'
            )


def corpora() -> dict[str, CorpusDescription]:
    """List the named corpora, available or not, the demo first."""
    described = sorted(describe_corpora(), key=lambda corpus: (corpus.name != "demo", corpus.name))
    return {corpus.name: corpus for corpus in described}


@st.cache_resource(max_entries=6, show_spinner="Reading the corpus …")
def read_corpus(name: str, source: str, target: str, split: str) -> LoadedCorpus:
    """Load a named corpus; malformed sentences are left out and counted.

    Raises:
        ConfigError: a language pair or split the corpus does not have.
        DataError: files are missing or not parallel.
    """
    bad = BadLines()
    pairs = load_corpus(name, source=source, target=target, split=split, skip_bad=bad)
    return LoadedCorpus(tuple(pairs), len(bad))


@st.cache_resource(max_entries=8, show_spinner=False)
def _pipeline(config_json: str) -> Workflow:
    return Workflow.from_config(RunConfig.model_validate_json(config_json))


def ready_pipeline(config: RunConfig) -> Workflow:
    """Return the pipeline with its encoder loaded; the first time ever it is unpacked first."""
    pipeline = _pipeline(config.model_dump_json())
    model = config.encoder.parameters.get("model", config.encoder.name)
    if model == "bundled" and not bundled.is_unpacked():
        label = "Unpacking the encoder; this is done once …"
        bar = st.progress(0.0, label)
        bundled.unpack(lambda done, total: bar.progress(done / total, label) and None)
        bar.empty()
    return pipeline


def run_stages(
    config: RunConfig, pairs: Sequence[SentencePair], place: Place, name: str, *, page: str
) -> Run:
    """Run all stages with a bar for each, and keep the result for the session.

    Args:
        config: the method with its stages.
        pairs: what to project.
        place: what the sentences are known by.
        name: what signatures call them.
        page: first part of the key of what is kept.

    Raises:
        SpanbridgeError: the configuration cannot work here. A pair that fails comes back failed.
    """
    area = st.empty()
    with area.container():
        pipeline = ready_pipeline(config)
        with heard_notices() as notes:
            projections = pipeline.run(pairs, progress=_StageBars())
    area.empty()
    key = (config.model_dump_json(), place)
    run = Run(key, pipeline.config.signature(corpus=name), tuple(projections), tuple(notes))
    runs = st.session_state.setdefault(f"{page}.runs", {})
    runs.pop(key, None)
    runs[key] = run
    while len(runs) > _KEPT_RUNS:
        del runs[next(iter(runs))]
    return run


def kept_run(config: RunConfig | None, place: Place | None, *, page: str) -> Run | None:
    """Return the run of these choices if the session has it, else its latest run, else None."""
    runs: dict[tuple[str, Place], Run] = st.session_state.get(f"{page}.runs", {})
    if config is not None and place is not None:
        found = runs.get((config.model_dump_json(), place))
        if found is not None:
            return found
    return next(reversed(runs.values()), None)


class _StageBars:
    """Shows a bar for every stage that has begun."""

    def __init__(self) -> None:
        self._bars: dict[str, DeltaGenerator] = {}
        self._shown: dict[str, int] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        if self._shown.get(stage) == percent:
            return
        self._shown[stage] = percent
        text = f"{_STAGES.get(stage, stage.capitalize())}: {done} of {total}"
        if stage in self._bars:
            self._bars[stage].progress(percent, text)
        else:
            self._bars[stage] = st.progress(percent, text)


class Interrupted(Exception):  # noqa: N818 (nothing is wrong)
    """The user has done something: what is being worked out is no longer wanted."""


def pause() -> None:
    """Raise Interrupted if the user has done something meanwhile; long work calls it often.

    Streamlit lets a fragment run to its end before it looks at what was done there. For work that
    may as well be done later that is too long: the next click would wait for it.
    """
    # Without a rest the server's own thread, which must tell us, hardly ever gets its turn.
    time.sleep(_REST_SECONDS)
    context = get_script_run_ctx()
    requests = None if context is None else context.script_requests
    # There is no public way to ask. Should the name change, work is finished before the next click.
    waiting = getattr(requests, "_state", None)
    if getattr(waiting, "name", "") == "RERUN":
        raise Interrupted


def take_from_address(key: str, name: str, options: Sequence[str | int]) -> str:
    """Give a choice the value that the page's address names, before its widget is made.

    A value that the options no longer hold is dropped, so that the widget falls back to the first.

    Args:
        key: key of the widget.
        name: parameter in the address.
        options: what can be chosen.

    Returns:
        What to tell the user: empty unless the address names something that is not there.
    """
    asked = _newly_asked(key, name)
    if st.session_state.get(key, _NOTHING) not in (_NOTHING, *options):
        del st.session_state[key]
    if asked is None:
        return ""
    found = next((option for option in options if str(option) == asked), None)
    if found is None:
        return f"The address of this page asks for {name} “{asked}”, which is not there."
    st.session_state[key] = found
    return ""


def take_list_from_address(key: str, name: str, options: Sequence[str]) -> str:
    """Give a choice of several the values that the page's address names, parted by commas.

    Args:
        key: key of the widget.
        name: parameter in the address.
        options: what can be chosen.

    Returns:
        What to tell the user: empty unless the address names something that is not there.
    """
    asked = _newly_asked(key, name)
    if key in st.session_state:
        st.session_state[key] = [one for one in st.session_state[key] if one in options]
    if asked is None:
        return ""
    wanted = list(dict.fromkeys(asked.split(",")))
    found = [one for one in wanted if one in options]
    if found:
        st.session_state[key] = found
    missing = [f"“{one}”" for one in wanted if one not in options]
    told = f"The address of this page asks for {name} {', '.join(missing)}, which is not there."
    return told if missing else ""


def _newly_asked(key: str, name: str) -> str | None:
    """Return what the address says of a choice if that is not what it said before.

    It is new at the first visit and after the browser's Back or Forward; a choice that an older
    address does not name is forgotten then. What this page wrote itself is not new.
    """
    known: dict[str, str] = st.session_state.setdefault(_KNOWN, {})
    asked = st.query_params.get(name)
    if not st.query_params or asked == known.get(name):
        return None
    st.session_state.pop(key, None)
    if asked is None:
        del known[name]
    else:
        known[name] = asked
    return asked


def forget_choices(page: str, names: Iterable[str]) -> None:
    """Let a page take these choices from its address when it is opened next.

    Args:
        page: first part of the widget keys.
        names: second parts, which are also the names in the address.
    """
    for name in names:
        st.session_state.pop(f"{page}.{name}", None)
        st.session_state.get(_KNOWN, {}).pop(name, None)


def write_address(values: Mapping[str, str | int]) -> None:
    """Make the address lead back to this view; empty values are left out."""
    wanted = {name: str(value) for name, value in values.items() if value != ""}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
    st.session_state[_KNOWN] = wanted
