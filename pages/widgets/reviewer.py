"""The store, and who is in front of the screen.

Used alone, people say their name, and the browser remembers it. On a server it is who logged in
(`st.login`), or who a proxy in front of the server says it is.
"""

from __future__ import annotations

import hmac
import os
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import ConfigError
from core.store.database import Store, default_url
from core.store.people import LONGEST_NAME, Actor, actor_for, auth_mode

_ASSETS = Path(__file__).parents[2] / "assets"
_NAME = "reviewer.name"
HEADER_VARIABLE = "SPANBRIDGE_AUTH_HEADER"
SECRET_VARIABLE = "SPANBRIDGE_PROXY_SECRET"  # noqa: S105 (its name)
SECRET_HEADER = "X-Spanbridge-Proxy-Secret"  # noqa: S105 (its name)
_USUAL_HEADER = "X-Forwarded-User"


def store() -> Store:
    """Return the store, opened once for all sessions.

    Raises:
        ConfigError: its address is none.
        StoreError: it cannot be opened.
    """
    return _open(default_url())


@st.cache_resource(max_entries=2, show_spinner="Opening the store …")
def _open(url: str) -> Store:
    return Store.open(url)


def reviewer_input() -> Actor | None:
    """Ask who is there, or show who logged in.

    Returns:
        Who it is and what they may do; None as long as nobody has said.

    Raises:
        ConfigError: a server that is set up half (code bad-config).
        DataError: a name that is none.
        StoreError: the store fails.
    """
    mode = auth_mode()
    asks = {"local": _name_input, "oidc": _logged_in, "header": _from_proxy}
    name = asks[mode]()
    if not name:
        return None
    actor = actor_for(store(), name)
    if mode != "local":
        with st.container(key="reviewer.who"):
            st.text(f"{actor.name}, {actor.role}")
    return actor


@cache
def _memory() -> Any:
    return st.components.v2.component(
        "spanbridge_reviewer", js=(_ASSETS / "reviewer.js").read_text(encoding="utf-8")
    )


def _name_input() -> str:
    """Ask for a name; a window that is opened again has it already."""

    def recall() -> None:
        known = st.session_state["reviewer.memory"].remembered
        if isinstance(known, str) and not st.session_state.get(_NAME):
            st.session_state[_NAME] = known[:LONGEST_NAME]

    name = st.text_input(
        "Your name",
        key=_NAME,
        max_chars=LONGEST_NAME,
        help="every decision is kept with it; nothing else is asked",
        persist_state="session",
    )
    _memory()(
        key="reviewer.memory",
        data={"name": name or ""},
        on_remembered_change=recall,
        height="content",
    )
    return (name or "").strip()


def _logged_in() -> str:
    if "auth" not in st.secrets:
        raise ConfigError(
            "SPANBRIDGE_AUTH=oidc needs a section [auth] in .streamlit/secrets.toml, got none",
            code="bad-config",
            hint="README, section Several people, says what goes there",
        )
    if not st.user.is_logged_in:
        st.button("Log in", key="reviewer.login", on_click=st.login, type="primary")
        return ""
    st.button("Log out", key="reviewer.logout", on_click=st.logout)
    # An address that nobody has confirmed could be anybody's.
    if st.user.get("email") and st.user.get("email_verified", True):
        return str(st.user["email"])
    return str(st.user["sub"])


def _from_proxy() -> str:
    """Return who the proxy says it is, once it is clear that the proxy says so.

    Anybody who reaches the server past the proxy could send the header; the secret tells.
    """
    secret = os.environ.get(SECRET_VARIABLE, "")
    if not secret:
        raise ConfigError(
            f"SPANBRIDGE_AUTH=header needs {SECRET_VARIABLE}, got none",
            code="bad-config",
            hint=f"let the proxy send it in {SECRET_HEADER}, and take that header from clients",
        )
    given = st.context.headers.get(SECRET_HEADER, "")
    if not hmac.compare_digest(given.encode(), secret.encode()):
        raise ConfigError(
            "requests must come through the proxy, got one without its secret", code="bad-config"
        )
    name = st.context.headers.get(os.environ.get(HEADER_VARIABLE, _USUAL_HEADER), "")
    if not name:
        raise ConfigError("the proxy must say who it is, got nobody", code="bad-config")
    return name
