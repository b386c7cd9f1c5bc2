"""Forms and charts, on hand-made values and without a model."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.explain import typed_pair
from core.registry import Availability, Parameter, Registry
from core.types import (
    Alignment,
    Candidate,
    Decision,
    Link,
    Projection,
    ScoreMatrix,
    Span,
    Trace,
)
from pages.widgets import charts
from pages.widgets.tables import _cell, _isolate_quotes

FAMILIES = ["aligners", "candidates", "scores", "projectors"]


def component_form(family: str) -> None:
    from importlib import import_module

    import streamlit as st

    from core.config import ComponentChoice
    from pages.widgets import forms

    registry = getattr(import_module(f"core.{family}"), family.upper())
    for name in registry.names():
        choice = forms.component_inputs(registry, ComponentChoice(name=name), key=f"page.{name}")
        assert choice == ComponentChoice(name=name), choice
        for parameter in registry.parameters(name):
            assert f"page.{name}.{parameter.name}" in st.session_state


@pytest.mark.parametrize("family", FAMILIES)
def test_every_component_has_a_form_that_changes_nothing_by_itself(family: str) -> None:
    app = AppTest.from_function(component_form, default_timeout=60, args=(family,)).run()
    assert not app.exception, [error.stack_trace for error in app.exception]


def every_kind(start: dict, parameters: list) -> None:
    import streamlit as st

    from pages.widgets import forms

    st.session_state["result"] = forms.parameter_inputs(parameters, start, key="page")


PARAMETERS = [
    Parameter("switch", "bool", False, "help"),
    Parameter("count", "int", 3, minimum=1, maximum=9),
    Parameter("share", "float", 0.5, minimum=0, maximum=1, open_minimum=True),
    Parameter("limit", "float", None, minimum=0, optional=True, open_minimum=True),
    Parameter("how", "choice", "one", choices=("one", "two")),
    Parameter("name", "text", "", "any text"),
    Parameter("note", "text", None, optional=True),
]


def test_a_form_returns_what_differs_from_the_defaults() -> None:
    app = AppTest.from_function(every_kind, args=({}, PARAMETERS)).run()
    assert app.session_state["result"] == {}
    app.toggle(key="page.switch").set_value(True)
    app.number_input(key="page.count").set_value(4)
    app.number_input(key="page.limit").set_value(2.5)
    app.selectbox(key="page.how").set_value("two")
    app.text_input(key="page.note").set_value("x")
    assert app.run().session_state["result"] == {
        "switch": True,
        "count": 4,
        "limit": 2.5,
        "how": "two",
        "note": "x",
    }


def test_a_form_starts_from_the_methods_values_and_keeps_ranges() -> None:
    app = AppTest.from_function(every_kind, args=({"count": 7}, PARAMETERS)).run()
    assert app.session_state["result"] == {"count": 7}
    assert (app.number_input(key="page.count").min, app.number_input(key="page.count").max) == (
        1,
        9,
    )
    assert app.number_input(key="page.share").min > 0


def test_a_component_that_cannot_run_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        Registry, "availability", lambda _, name: Availability(name, ("no_such_package",))
    )

    def form() -> None:
        from core.config import ComponentChoice
        from core.scores import SCORES
        from pages.widgets import forms

        forms.component_inputs(SCORES, ComponentChoice(name="emb"), key="page.emb")

    app = AppTest.from_function(form).run()
    assert "pip install no_such_package" in app.warning[0].value


def projection() -> Projection:
    pair = typed_pair("[PER Ada] in [LOC Rom]", "[PER Ada] in [LOC Rom]", "en", "ar")
    candidates = tuple(Candidate(start, start + 1) for start in range(3))
    total = np.array([[2.0, 0.0, 0.5], [0.0, 0.0, 1.0]])
    decisions = (
        Decision(0, candidates[0], "chosen", 2.0, {"emb": 2.0}, candidates[2], 0.5, 1.5),
        Decision(1, None, "banned"),
    )
    trace = Trace(
        alignment=Alignment((Link(0, 0), Link(2, 2, sure=False)), np.ones((3, 3), np.float32)),
        candidates=candidates,
        scores=ScoreMatrix({"emb": total}, {"emb": 1.0}, total),
    )
    return Projection(pair, "default", (Span(0, 1, "PER"),), decisions, trace)


def test_score_charts_keep_what_was_decided_and_count_what_is_hidden() -> None:
    choice = charts.choose_candidates(projection(), most=1)
    assert choice == charts.CandidateChoice(columns=(0, 2), hidden=0, unscored=1)


def test_many_candidates_are_cut_to_the_best() -> None:
    base = projection()
    candidates = tuple(Candidate(0, end) for end in range(1, 3001))
    total = np.linspace(0.001, 1, 20 * 3000).reshape(20, 3000)
    scores = ScoreMatrix({"emb": total}, {"emb": 1.0}, total)
    trace = Trace(candidates=candidates, scores=scores)
    big = Projection(base.pair, "default", (), (), trace)
    choice = charts.choose_candidates(big, most=30)
    assert (choice.columns, choice.hidden) == (tuple(range(2970, 3000)), 2970)


def test_tables_escape_and_isolate() -> None:
    assert _cell("<b>") == '<td dir="auto">&lt;b&gt;</td>'
    assert "<bdi>&lt;i&gt;</bdi>" in _cell(("<i>", "[0, 1)"))
    assert _isolate_quotes("was “x” for “y”") == "was “<bdi>x</bdi>” for “<bdi>y</bdi>”"
    assert _cell(None) == "<td></td>"
    assert ">0.50<" in _cell(0.5)
