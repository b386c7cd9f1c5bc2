"""The section that offers a capsule, without a browser."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.methods import method
from core.types import Projection
from pages.sections import capsule
from tests.ui.driving import INJECTION, has, healthy, shown
from tests.unit.capsule.builders import failed, projection


# AppTest copies this function's text alone: it must bring its own imports, and types of Python.
def section(projections: tuple[object, ...]) -> None:
    from core.methods import method
    from pages.sections.capsule import show_capsule

    show_capsule(projections, method("default"), page="p", name="demo/en-de")


def run(*projections: Projection) -> AppTest:
    app = AppTest.from_function(section, args=(projections,), default_timeout=60)
    return healthy(app.run())


def test_nothing_to_show_gives_no_section() -> None:
    assert not has(run(), "p.download_capsule")


def test_one_sentence_and_several_are_told_apart() -> None:
    app = run(projection())
    assert has(app, "p.download_capsule")
    assert "One HTML file with this sentence" in shown(app, "p.capsule_help")
    app = run(projection(), failed())
    assert "One HTML file with 2 sentences" in shown(app, "p.capsule_help")
    assert (
        app.text_input(key="p.capsule_title").placeholder == "Entities: English (en) → German (de)"
    )


def test_too_many_sentences_are_cut_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capsule, "MOST_SENTENCES", 2)
    app = run(projection(), projection(), projection())
    assert "Only the first 2 of 3 sentences go into it" in shown(app, "p.capsule_help")


def test_the_file_is_made_only_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    offered: dict[str, Any] = {}

    def download_button(label: str, data: Any, **options: Any) -> bool:
        offered.update(options, data=data)
        return False

    monkeypatch.setattr(st, "download_button", download_button)
    monkeypatch.setattr(st, "text_input", lambda *_, **__: f" {INJECTION} ")
    monkeypatch.setattr(st, "text_area", lambda *_, **__: "A note")
    rendered: list[int] = []
    real = capsule.render_capsule
    monkeypatch.setattr(
        capsule, "render_capsule", lambda *a, **k: (rendered.append(1), real(*a, **k))[1]
    )
    capsule.show_capsule(
        [projection()],
        method("default"),
        page="p",
        name="demo/en-de",
        licence="CC0 1.0",
        address="https://example.org/?sentence=1",
    )
    assert rendered == []
    document = offered["data"]()
    assert rendered == [1]
    assert document.startswith("<!DOCTYPE html>")
    assert "<img" not in document
    for told in ("A note", "CC0 1.0", 'href="https://example.org/?sentence=1"', "demo/en-de"):
        assert told in document
    assert offered["file_name"].endswith(".html")
    assert "/" not in offered["file_name"]
    assert "<" not in offered["file_name"]


def test_more_sentences_are_projected_when_the_file_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offered: dict[str, Any] = {}
    monkeypatch.setattr(st, "download_button", lambda _label, data, **_: offered.update(data=data))
    made: list[int] = []

    def more() -> list[Projection]:
        made.append(1)
        return [projection()] * 2

    capsule.show_capsule(
        [projection()], method("default"), page="p", name="demo", more=2, make_more=more
    )
    assert made == []
    assert offered["data"]().count("<section") == 3
    assert made == [1]
