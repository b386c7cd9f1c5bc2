"""Work that was asked for with a button, while its user does something else."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.driving import healthy


def working_page() -> None:
    """Work on what is chosen; what it works on says how it ends."""
    import streamlit as st

    from pages.widgets.pending import asked_for

    work = st.selectbox("Work", ["fine", "interrupted", "stopped", "bad"], key="work")
    pressed = st.button("Begin", key="begin")
    log = st.session_state.setdefault("log", [])
    with asked_for("asked", work, pressed=pressed) as asked:
        if asked == "wanted":
            log.append(f"begun {work}")
            if work == "interrupted" and log.count("begun interrupted") < 3:
                st.rerun()
            if work == "stopped":
                st.stop()
            if work == "bad":
                raise ValueError(work)
            log.append(f"done {work}")
        elif asked:
            log.append(asked)


def begin(work: str) -> AppTest:
    app = healthy(AppTest.from_function(working_page, default_timeout=60).run())
    healthy(app.selectbox(key="work").set_value(work).run())
    return app.button(key="begin").click().run()


def test_work_that_was_broken_into_is_begun_again_until_it_is_done() -> None:
    app = healthy(begin("interrupted"))
    assert app.session_state["log"] == [*3 * ["begun interrupted"], "done interrupted"]
    app.session_state["log"] = []
    assert healthy(app.run()).session_state["log"] == []


@pytest.mark.parametrize("work", ["fine", "bad"])
def test_what_was_done_or_has_failed_is_not_begun_again(work: str) -> None:
    app = begin(work)
    assert app.session_state["log"][0] == f"begun {work}"
    app.session_state["log"] = []
    assert healthy(app.run()).session_state["log"] == []


def test_what_was_stopped_is_not_begun_again_and_that_is_said_once() -> None:
    app = begin("stopped")
    assert healthy(app.run()).session_state["log"] == ["begun stopped", "stopped"]
    assert healthy(app.run()).session_state["log"] == ["begun stopped", "stopped"]


def test_work_on_a_page_that_was_left_is_begun_again_on_coming_back() -> None:
    app = begin("stopped")  # leaving a page stops its script as well
    app.session_state["app.visit"] = 2
    assert app.run().session_state["log"] == ["begun stopped", "begun stopped"]


def test_work_that_is_no_longer_chosen_is_forgotten_and_that_is_said_once() -> None:
    app = healthy(AppTest.from_function(working_page, default_timeout=60).run())
    app.session_state["asked"].work = "interrupted"
    assert healthy(app.run()).session_state["log"] == ["changed"]
    assert healthy(app.run()).session_state["log"] == ["changed"]
    healthy(app.selectbox(key="work").set_value("interrupted").run())
    assert app.session_state["log"] == ["changed"]
