"""Driving pages through app.py without a browser."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from streamlit.testing.v1 import AppTest

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
