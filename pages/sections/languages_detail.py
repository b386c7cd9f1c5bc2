"""One language: what is known of it, every figure there is, and what goes wrong in it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.languages import Language, languages
from core.text.languages import describe_language
from pages.sections import languages_examples, languages_figures
from pages.sections.languages_chart import CHOSEN
from pages.sections.languages_choice import BENCHMARK_NAMES, PAGE, Figures, script_name
from pages.widgets import addresses, state, tables

FIGURES, EXAMPLES, ERRORS = "Figures", "Examples and capsule", "Typical errors"
TABS = (FIGURES, EXAMPLES, ERRORS)


def show_language(figures: Figures) -> dict[str, str | int]:
    """Ask for a language and show all there is of it.

    Args:
        figures: all of them.

    Returns:
        The choice as parts of the address.
    """
    code = _language_input()
    if code is None:
        return {}
    language = languages()[code]
    with st.container(border=True, key=f"{PAGE}.one"):
        _show_facts(language)
        tab = _show_tabs(language, figures)
    return {"language": code, "tab": tab, **(languages_examples.address() if tab else {})}


def _language_input() -> str | None:
    known = languages()
    told = addresses.take_from_address(CHOSEN, "language", list(known))
    tables.show_texts([told] if told else [], key=f"{PAGE}.address.language", tone="warning")
    chosen: str | None = st.selectbox(
        "Open a language",
        sorted(known, key=lambda code: known[code].name.casefold()),
        index=None,
        format_func=lambda code: f"{describe_language(code)} · {known[code].endonym}",
        placeholder="Type a name or a code, or click a square below",
        key=CHOSEN,
        persist_state="session",
    )
    return chosen


def _show_facts(language: Language) -> None:
    """Show what is known of the language itself."""
    branch = f", {language.branch}" if language.branch else ""
    resources = "not certain" if language.resources is None else f"class {language.resources} of 5"
    named = [BENCHMARK_NAMES.get(one, one) for one in language.benchmarks]
    rows: list[list[tables.Cell]] = [
        ["Name", (language.name, language.code)],
        ["Own name", (language.endonym, "")],
        ["Codes", f"ISO 639-3 {language.iso639_3}; NLLB-200 {language.nllb or 'does not have it'}"],
        ["Family", f"{language.family}{branch}"],
        [
            "Script",
            f"{script_name(language.script)}, "
            + ("right to left" if language.direction == "rtl" else "left to right")
            + (", words parted by spaces" if language.has_spaces else ", no spaces between words"),
        ],
        ["Resources", f"{resources} (Joshi et al. 2020)"],
        ["Benchmarks", ", ".join(named)],
    ]
    tables.show_table(
        ["What", "Is"], rows, caption=f"What is known of {language.name}.", key=f"{PAGE}.facts"
    )


def _show_tabs(language: Language, figures: Figures) -> str:
    """Show the tabs; a tab's content is made when the tab is opened.

    Returns:
        The open tab, as the address names it; empty for the usual one.
    """
    key = f"{PAGE}.tab"
    told = addresses.take_from_address(key, "tab", TABS)
    tables.show_texts([told] if told else [], key=f"{PAGE}.address.tab", tone="warning")
    shows: dict[str, Callable[[], None]] = {
        FIGURES: lambda: languages_figures.show_figures(language, figures),
        EXAMPLES: lambda: languages_examples.show_examples(language),
        ERRORS: lambda: languages_examples.show_errors(language),
    }
    open_tab = ""
    for name, tab in zip(TABS, st.tabs(TABS, on_change="rerun", key=key), strict=True):
        if tab.open:
            open_tab = "" if name == FIGURES else name
            with tab, state.error_guard(f"{PAGE}.{name}"):
                shows[name]()
    return open_tab
