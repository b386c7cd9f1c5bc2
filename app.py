"""Spanbridge in the browser: `streamlit run app.py`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent / "assets"

st.set_page_config(page_title="Spanbridge", page_icon=str(ASSETS / "icon.svg"), layout="wide")
st.html(ASSETS / "app.css")
st.session_state["app.frame"] = True  # tells pages that they are inside the frame
page = st.navigation(
    [
        st.Page("pages/inspector.py", title="Inspector", icon=":material/search:", default=True),
        st.Page("pages/project.py", title="Project", icon=":material/translate:"),
        st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:"),
        st.Page("pages/review.py", title="Review", icon=":material/rate_review:"),
        st.Page("pages/languages.py", title="Languages", icon=":material/public:"),
        st.Page("pages/data.py", title="Data", icon=":material/database:"),
        st.Page("pages/train.py", title="Train", icon=":material/model_training:"),
        st.Page("pages/evaluate.py", title="Evaluate", icon=":material/analytics:"),
    ]
)
# Counts how often another page was opened: work that was left is told from work that was stopped.
if st.session_state.get("app.page") != page.title:
    st.session_state["app.page"] = page.title
    st.session_state["app.visit"] = st.session_state.get("app.visit", 0) + 1
page.run()
