"""What pages share: cached corpora and projections, the page's address, and the error guard.

Cached values are shared by all sessions and never changed; encoders lock themselves.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
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

    The bars stay: whoever calls it takes them away with the container it is called in.

    Args:
        config: the method with its stages.
        pairs: what to project.
        place: what the sentences are known by.
        name: what signatures call them.
        page: first part of the key of what is kept.

    Raises:
        SpanbridgeError: the configuration cannot work here. A pair that fails comes back failed.
    """
    pipeline = ready_pipeline(config)
    with heard_notices() as notes:
        projections = pipeline.run(pairs, progress=_StageBars())
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
