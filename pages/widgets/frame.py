"""The frame around every page: app.py."""

from __future__ import annotations

import runpy
from pathlib import Path

import streamlit as st

_APP = Path(__file__).parents[2] / "app.py"


def in_frame() -> bool:
    """Tell whether a page runs inside app.py, and run app.py if it does not.

    The first address that a fresh server is asked for may be a page's own; Streamlit then finds
    the folder `pages` and runs the page's file alone, without title, style and navigation.
    """
    if "app.frame" in st.session_state:
        return True
    runpy.run_path(str(_APP))
    return False
