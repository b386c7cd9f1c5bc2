"""All languages as rows: filtered, sorted, each with where it stands in one study and in ours."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from core.figures.standing import Standing, standings
from core.figures.values import Figure
from core.languages import Language, languages

TARGETS, EVERY = "targets", "every"
NAME, PUBLISHED, MEASURED, GAIN = "name", "published", "measured", "gain"
# English is the language that PAN-X's other languages are projected from.
_TARGET_BENCHMARKS, _SOURCE = frozenset({"pan-x", "masakhaner2"}), "en"
# Text that a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@")
NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which languages, from which studies, in which order; what is empty keeps all.

    Attributes:
        scripts: ISO 15924 codes.
        families: as `core.languages` has them.
        benchmark: name of one, whose figures alone are shown then; `targets` for the 57 target
            languages of PAN-X and MasakhaNER 2.0; or `every`.
        spaces: whether words are parted by spaces.
        published: study (`Group.study`) of the published figures; empty takes the first one that
            has the language.
        measured: likewise of ours.
        sort: key of `LANGUAGES_SORTS`.
        descending: the highest first.
    """

    scripts: Collection[str] = ()
    families: Collection[str] = ()
    benchmark: str = TARGETS
    spaces: bool | None = None
    published: str = ""
    measured: str = ""
    sort: str = NAME
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A language and where it stands.

    Attributes:
        language: what is known of it.
        published: standings in the chosen study of others, by corpus; the first one counts.
        measured: likewise in ours.
    """

    language: Language
    published: tuple[Standing, ...]
    measured: tuple[Standing, ...]


Key = Callable[[Listed], Any]
"""Returns text or a number; None where there is nothing to sort by."""


def _f1(found: Sequence[Standing]) -> float | None:
    return found[0].best.f1 if found else None


LANGUAGES_SORTS: Mapping[str, Key] = {
    NAME: lambda one: one.language.name.casefold(),
    "script": lambda one: one.language.script,
    "family": lambda one: f"{one.language.family}\t{one.language.branch}",
    "resources": lambda one: one.language.resources,
    PUBLISHED: lambda one: _f1(one.published),
    GAIN: lambda one: one.published[0].gain if one.published else None,
    MEASURED: lambda one: _f1(one.measured),
}


def list_languages(
    wanted: Wanted, published: Iterable[Figure], measured: Iterable[Figure]
) -> tuple[Listed, ...]:
    """List the languages that fit.

    Args:
        wanted: filter, studies and order.
        published: figures of others.
        measured: figures of ours.

    Returns:
        Sorted; those of equal rank by name, those without a value last in either direction.
    """
    theirs, ours = standings(published), standings(measured)
    found = [
        Listed(
            language,
            _chosen(theirs.get(code, ()), wanted.benchmark, wanted.published),
            _chosen(ours.get(code, ()), wanted.benchmark, wanted.measured),
        )
        for code, language in languages().items()
        if _fits(language, wanted)
    ]
    found.sort(key=LANGUAGES_SORTS[NAME])
    key = LANGUAGES_SORTS[wanted.sort]
    known = [one for one in found if key(one) is not None]
    known.sort(key=key, reverse=wanted.descending)
    return (*known, *(one for one in found if key(one) is None))


def _chosen(found: Sequence[Standing], benchmark: str, study: str) -> tuple[Standing, ...]:
    """Keep the standings on one benchmark, of one study or else of the first study there is."""
    on_it = [one for one in found if _is_on(one.group.corpus, benchmark)]
    wanted = study or (on_it[0].group.study if on_it else "")
    return tuple(one for one in on_it if one.group.study == wanted)


def _is_on(corpus: str, benchmark: str) -> bool:
    """Tell whether a corpus is of a benchmark: its own, or with another one's other side."""
    return benchmark in (TARGETS, EVERY) or corpus.partition("/")[0].startswith(benchmark)


def _fits(language: Language, wanted: Wanted) -> bool:
    return (
        (not wanted.scripts or language.script in wanted.scripts)
        and (not wanted.families or language.family in wanted.families)
        and (wanted.spaces is None or language.has_spaces == wanted.spaces)
        and _is_of(language, wanted.benchmark)
    )


def _is_of(language: Language, benchmark: str) -> bool:
    if benchmark == TARGETS:
        return language.code != _SOURCE and bool(_TARGET_BENCHMARKS & {*language.benchmarks})
    return benchmark == EVERY or benchmark in language.benchmarks


def listing_columns() -> tuple[str, ...]:
    """Return the headings of `listing_rows`."""
    figures = ("source", "setting", "corpus", "best method", "F1", "F1 of model transfer", "gain")
    return (
        *("code", "name", "endonym", "ISO 639-3", "script", "direction", "family", "branch"),
        *("resources", "spaces", "benchmarks"),
        *(f"published: {one}" for one in figures),
        *(f"measured: {one}" for one in figures),
    )


def listing_rows(listed: Iterable[Listed]) -> list[tuple[str, ...]]:
    """Return the languages as text, a row each; F1 in percent, what is not known is said so."""
    return [
        (
            *_facts(one.language),
            *_standing_cells(one.published),
            *_standing_cells(one.measured),
        )
        for one in listed
    ]


def _facts(one: Language) -> tuple[str, ...]:
    return (
        *(one.code, one.name, one.endonym, one.iso639_3, one.script, one.direction, one.family),
        one.branch,
        "not certain" if one.resources is None else str(one.resources),
        "yes" if one.has_spaces else "no",
        " ".join(one.benchmarks),
    )


def _standing_cells(found: Sequence[Standing]) -> tuple[str, ...]:
    if not found:
        return ("", "", "", "", NOT_MEASURED, NOT_MEASURED, NOT_MEASURED)
    first = found[0]
    return (
        first.group.source,
        first.group.setting,
        first.group.place,
        first.best.title,
        percent(first.best.f1),
        NOT_MEASURED if first.transfer is None else percent(first.transfer.f1),
        points(first.gain),
    )


def percent(share: float) -> str:
    """Return a share of 1 in percent, as all tables of figures show it."""
    return f"{100 * share:.1f}"


def points(gain: float | None) -> str:
    """Return a difference in points with its sign."""
    return NOT_MEASURED if gain is None else f"{gain:+.1f}"


def listing_csv(listed: Iterable[Listed]) -> str:
    """Return the rows as CSV, safe to open in a spreadsheet."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(listing_columns())
    writer.writerows([_plain(cell) for cell in row] for row in listing_rows(listed))
    return text.getvalue()


def _plain(cell: str) -> str:
    """Mark a text that a spreadsheet would run; numbers keep their sign."""
    risky = cell.startswith(_FORMULA) and not cell[1:].replace(".", "").isdecimal()
    return f"'{cell}" if risky else cell
