"""Driving pages through app.py without a browser."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.store.people import Actor, Role

APP = Path(__file__).parents[2] / "app.py"
INJECTION = "<img src=x onerror=alert(1)> **bold** $x^2$ :red-background"
# The first page loads torch and the model.
PATIENCE_SECONDS = 120


def start_app() -> AppTest:
    """Make the app, not run yet."""
    return AppTest.from_file(str(APP), default_timeout=PATIENCE_SECONDS)


def healthy(app: AppTest) -> AppTest:
    """Return the app, which must not have crashed."""
    assert not app.exception, [error.stack_trace for error in app.exception]
    return app


def open_app(page: str, *, name: str = "", **address: str) -> AppTest:
    """Open a page of the app.

    Args:
        page: its file in `pages/`, without the ending; empty for the first one.
        name: of the reviewer; empty leaves the app without one.
        address: parameters in the page's address.
    """
    app = start_app()
    if page:
        app.switch_page(f"pages/{page}.py")
    for parameter, value in address.items():
        app.query_params[parameter] = value
    healthy(app.run())
    return sign(app, name) if name else app


def as_role(monkeypatch: pytest.MonkeyPatch, role: Role | None) -> None:
    """Let a server say who is there; None is somebody who has not logged in."""
    actor = None if role is None else Actor("Vera", role)
    monkeypatch.setenv("SPANBRIDGE_AUTH", "header")
    monkeypatch.setattr("pages.widgets.reviewer.reviewer_input", lambda: actor)


def sign(app: AppTest, name: str) -> AppTest:
    """Say who is at the page."""
    return healthy(app.text_input(key="reviewer.name").set_value(name).run())


def address(app: AppTest) -> dict[str, str]:
    """Return the parameters in the page's address."""
    return {
        name: value if isinstance(value, str) else value[0]
        for name, value in app.query_params.items()
    }


def go_back(app: AppTest, to: dict[str, str]) -> AppTest:
    """Do what the browser's Back does: the page runs with an address it had before."""
    if "address.replaced" in app.session_state:  # it is some seconds later
        app.session_state["address.replaced"] = []
    app.query_params.clear()
    for name, value in to.items():
        app.query_params[name] = value
    return healthy(app.run())


def shown(app: AppTest, name: str, *, between: str = " ") -> str:
    """Return the text that a container shows, with this in the place of its HTML tags."""
    parts = app.get_by_key(name).get("html")
    return " ".join(unescape(re.sub(r"<[^>]*>", between, part.value)) for part in parts)


def has(app: AppTest, name: str) -> bool:
    """Tell whether something of that key is on the page."""
    try:
        app.get_by_key(name)
    except KeyError:
        return False
    return True
