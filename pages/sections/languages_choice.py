"""Which languages are listed, whose figures, and in which order; all of it is in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core.figures import (
    LANGUAGES_SORTS,
    Figure,
    Standing,
    Wanted,
    measured_figures,
    published_figures,
    run_figures,
)
from core.figures.listing import EVERY, GAIN, MEASURED, NAME, PUBLISHED, TARGETS
from core.languages import languages
from core.methods import method_signatures
from pages.sections.choices import choose_one
from pages.widgets import addresses, tables

PAGE = "languages"
ANY = "any"
_BOTH, _SPACES, _NO_SPACES = "any", "spaces", "none"
_UP, _DOWN = "up", "down"
_ISOLATED = "isolated projection"
BENCHMARK_NAMES: Mapping[str, str] = {
    TARGETS: "PAN-X + MasakhaNER 2.0",
    EVERY: "all languages",
    "pan-x": "PAN-X",
    "masakhaner2": "MasakhaNER 2.0",
    "europarl-ner": "Europarl-NER",
    "uner": "Universal NER",
    "mlqa": "MLQA",
    "xquad": "XQuAD",
}
# ISO 15924: the names of the scripts that the benchmarks are in.
SCRIPT_NAMES: Mapping[str, str] = {
    "Arab": "Arabic",
    "Beng": "Bengali",
    "Cyrl": "Cyrillic",
    "Deva": "Devanagari",
    "Geor": "Georgian",
    "Grek": "Greek",
    "Hang": "Hangul",
    "Hans": "Han (simplified)",
    "Hant": "Han (traditional)",
    "Hebr": "Hebrew",
    "Jpan": "Japanese",
    "Latn": "Latin",
    "Mlym": "Malayalam",
    "Mymr": "Myanmar",
    "Taml": "Tamil",
    "Telu": "Telugu",
    "Thai": "Thai",
}
_SORT_NAMES = {
    NAME: "Language",
    "script": "Script",
    "family": "Family",
    "resources": "Resources",
    PUBLISHED: "Published F1",
    GAIN: "Gain over model transfer",
    MEASURED: "Measured F1",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures there are.

    Attributes:
        published: by others.
        ours: from docs/results.md, then those of runs on this machine.
        unreadable: runs that could not be read, in words.
    """

    published: tuple[Figure, ...]
    ours: tuple[Figure, ...]
    unreadable: tuple[str, ...]


def read_figures() -> Figures:
    """Read the tables, and what runs on this machine have found by now.

    Raises:
        DataError: a table is malformed.
    """
    runs = run_figures(method_signatures())
    return Figures(published_figures(), (*measured_figures(), *runs.figures), runs.unreadable)


def script_name(code: str) -> str:
    """Return a script's name, or its code where the name is not known."""
    return SCRIPT_NAMES.get(code, code)


def given_note(found: Iterable[Standing]) -> list[str]:
    """Say what a gain over model transfer does not mean, where one method was given more.

    Args:
        found: what is shown.
    """
    if not any(one.gain is not None and one.group.setting.startswith(_ISOLATED) for one in found):
        return []
    return [
        "In isolated projection the source's gold entities are given, which model transfer does "
        "not look at: there the gain is no comparison of two ways to the same end."
    ]


def filter_inputs(figures: Figures) -> Wanted:
    """Ask which languages to list and whose figures to show.

    Args:
        figures: whose studies can be chosen.
    """
    known = languages().values()
    benchmark = choose_one(PAGE, "Benchmark", "benchmark", _benchmarks(), BENCHMARK_NAMES)
    scripts = _several("Script", "script", sorted({one.script for one in known}), SCRIPT_NAMES)
    families = _several("Family", "family", sorted({one.family for one in known}), {})
    spaces = choose_one(
        PAGE,
        "Words",
        "spaces",
        (_BOTH, _SPACES, _NO_SPACES),
        {_BOTH: "with or without spaces", _SPACES: "with spaces", _NO_SPACES: "without spaces"},
    )
    return Wanted(
        scripts=scripts,
        families=families,
        benchmark=benchmark,
        spaces={_BOTH: None, _SPACES: True, _NO_SPACES: False}[spaces],
        # One study covers nearly all languages; ours are of many settings.
        published=_study(
            "Published figures",
            "published",
            (*_studies(figures.published), ANY),
            "any study, named in the row",
        ),
        measured=_study(
            "Our figures",
            "measured",
            (ANY, *_studies(figures.ours)),
            "any setting, named in the row",
        ),
    )


def _study(label: str, name: str, options: Sequence[str], told: str) -> str:
    """Ask for a study; empty for any."""
    chosen = choose_one(PAGE, label, name, options, {ANY: told})
    return "" if chosen == ANY else chosen


def _benchmarks() -> tuple[str, ...]:
    """Return all there are, those without a name here too."""
    known = {name for one in languages().values() for name in one.benchmarks}
    return (*BENCHMARK_NAMES, *sorted(known - {*BENCHMARK_NAMES}))


def _studies(figures: Iterable[Figure]) -> tuple[str, ...]:
    """Return the studies by name, in the order of the figures."""
    return tuple(dict.fromkeys(one.group.study for one in figures))


def _several(label: str, name: str, options: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    told = addresses.take_list_from_address(f"{PAGE}.{name}", name, options)
    tables.show_texts([told] if told else [], key=f"{PAGE}.address.{name}", tone="warning")
    chosen: list[str] = st.multiselect(
        label,
        options,
        format_func=lambda one: labels.get(one, one),
        placeholder="all",
        key=f"{PAGE}.{name}",
        persist_state="session",
    )
    return chosen


def order_inputs(wanted: Wanted) -> Wanted:
    """Ask for the order of the list.

    Args:
        wanted: the filter so far.
    """
    left, right, _ = st.columns([2, 2, 3], vertical_alignment="bottom")
    with left:
        sort = choose_one(PAGE, "Sort by", "sort", tuple(LANGUAGES_SORTS), _SORT_NAMES)
    with right:
        order = choose_one(
            PAGE, "Order", "order", (_UP, _DOWN), {_UP: "ascending", _DOWN: "descending"}
        )
    return replace(wanted, sort=sort, descending=order == _DOWN)


def address_of(wanted: Wanted, figures: Figures) -> dict[str, str | int]:
    """Return filter and order as parts of the address; what is usual is left out.

    Args:
        wanted: filter and order.
        figures: whose first study is the usual one.
    """
    usual = next(iter(_studies(figures.published)), ANY)
    spaces = {None: "", True: _SPACES, False: _NO_SPACES}[wanted.spaces]
    return {
        "benchmark": "" if wanted.benchmark == TARGETS else wanted.benchmark,
        "script": ",".join(wanted.scripts),
        "family": ",".join(wanted.families),
        "spaces": spaces,
        "published": "" if wanted.published == usual else wanted.published or ANY,
        "measured": wanted.measured,
        "sort": "" if wanted.sort == NAME else wanted.sort,
        "order": _DOWN if wanted.descending else "",
    }
