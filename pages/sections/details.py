"""What a projection took, and its whole story to take away."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from core.explain import explanation_text
from core.types import Projection, SentencePair
from core.whatif.case import make_case, solve
from core.whatif.edits import NO_EDITS
from pages.sections import capsule
from pages.sections.cases import Shown
from pages.sections.corpus_choice import CorpusPlace
from pages.widgets import state, tables

MOST_FOLLOWING = 60
"""So many sentences behind the shown one can be taken into a capsule."""


def show_files(
    shown: Shown,
    record: dict[str, Any],
    corpus: CorpusPlace | None,
    following: Sequence[tuple[SentencePair, state.Place]],
) -> None:
    """Show the details of the pair on the screen, and offer a capsule of it and those behind it.

    Args:
        shown: the pair as it stands.
        record: the explanation of its projection.
        corpus: where it comes from; None for typed sentences.
        following: the pairs behind it, each with its place.
    """
    page = shown.page
    show_details(shown.now, record, page=page)
    tables.show_heading("Capsule: to present, or to send to a colleague")
    count = 0
    if following:
        count = st.number_input(
            "Sentences behind this one to take along",
            0,
            len(following),
            key=f"{page}.capsule_following",
            help="as the filters on top leave them, under the same method and values",
        )
    behind = [pair for pair, _ in following[: int(count)]]
    described = state.corpora().get(corpus[0]) if corpus else None
    capsule.show_capsule(
        [shown.now],
        shown.turned,
        page=page,
        name="/".join(filter(None, corpus)) if corpus else "typed",
        licence="" if described is None else described.licence,
        address=_address(),
        more=len(behind),
        make_more=lambda: [
            solve(make_case(shown.turned, pair), shown.turned, NO_EDITS) for pair in behind
        ],
    )


def _address() -> str:
    """Return the address of this view, unless nobody else could open it."""
    url = st.context.url or ""
    if urlsplit(url).hostname in (None, "localhost", "127.0.0.1", "::1"):
        return ""
    return f"{url.partition('?')[0]}?{urlencode(st.query_params.to_dict())}"


def show_details(projection: Projection, record: dict[str, Any], *, page: str) -> None:
    """Show timings and the whole story as text, with downloads.

    Args:
        projection: from the pipeline.
        record: its explanation.
        page: first part of the widget keys.
    """
    seconds = record["seconds"]
    tables.show_table(
        ["Stage", "Milliseconds"],
        [[stage, 1000 * spent] for stage, spent in seconds.items()],
        caption=f"Solution: {record['status'] or 'none'}; sum of the chosen scores "
        f"{record['objective']:.2f}",
        key=f"{page}.seconds",
    )
    text = explanation_text(projection)
    with st.expander("The whole story as text", key=f"{page}.expander.story"):
        st.code(text, language=None, wrap_lines=True)
    name = re.sub(r"[^\w.-]+", "-", f"{record['id'] or 'sentence'}.{record['method']}")
    left, right = st.columns(2)
    left.download_button(
        "Download as JSON",
        json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False),
        file_name=f"{name}.json",
        mime="application/json",
        on_click="ignore",
        key=f"{page}.download_json",
    )
    right.download_button(
        "Download as text",
        text,
        file_name=f"{name}.txt",
        mime="text/plain",
        on_click="ignore",
        key=f"{page}.download_text",
    )
