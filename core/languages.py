"""The languages of the benchmarks: names, script, family, resources, and what each is tested by.

Paper: Joshi et al. 2020, The State and Fate of Linguistic Diversity and Inclusion in the NLP World,
arXiv:2004.09095 (the classes of resources); Adelani et al. 2022, MasakhaNER 2.0, EMNLP, table 1
(families of the African languages); Hu et al. 2020, XTREME, arXiv:2003.11080, table 1.
Departs: none; a class that was not certain is left out.

`assets/languages.csv` has what nothing else here knows. Names in English, codes of translation
models, direction and spaces come from `core.text`, where they are used.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from core.errors import ConfigError
from core.text.language_codes import flores_code
from core.text.languages import LANGUAGE_NAMES
from core.text.words import NO_SPACE_LANGUAGES, RIGHT_TO_LEFT_LANGUAGES, base_language

_TABLE = Path(__file__).parents[1] / "assets" / "languages.csv"

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Language:
    """One language, in the script that the benchmarks have it in.

    Attributes:
        code: BCP-47, as the corpora use it; `sr-Latn` where the script is not the usual one.
        endonym: its name in itself.
        iso639_3: its code of three letters, that of the macrolanguage where there is one.
        script: ISO 15924.
        family: top-level family; `isolate` where it has none.
        branch: branch of the family; empty where nothing useful can be said.
        resources: class of Joshi et al., 0 (left behind) to 5 (winners); None where not certain.
        benchmarks: names of the benchmarks that have it.
    """

    code: str
    endonym: str
    iso639_3: str
    script: str
    family: str
    branch: str
    resources: int | None
    benchmarks: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return its English name; a script that the code names stands in brackets."""
        name = LANGUAGE_NAMES[base_language(self.code)]
        return f"{name} ({self.script})" if "-" in self.code else name

    @property
    def nllb(self) -> str | None:
        """Return what NLLB-200 calls it; None where it does not have it, or not in this script."""
        return flores_code(self.code)

    @property
    def direction(self) -> Direction:
        """Return the direction of its script."""
        return "rtl" if base_language(self.code) in RIGHT_TO_LEFT_LANGUAGES else "ltr"

    @property
    def has_spaces(self) -> bool:
        """Tell whether its script puts spaces between words."""
        return base_language(self.code) not in NO_SPACE_LANGUAGES


@cache
def languages() -> Mapping[str, Language]:
    """Return all languages by code, sorted.

    >>> languages()["sw"].endonym, languages()["sw"].nllb
    ('Kiswahili', 'swh_Latn')
    """
    with _TABLE.open(encoding="utf-8", newline="") as file:
        found = {row["code"]: _language(row) for row in csv.DictReader(file)}
    return MappingProxyType(found)


def languages_of(benchmark: str) -> tuple[str, ...]:
    """Return the codes of the languages that a benchmark has, sorted.

    >>> languages_of("europarl-ner")
    ('de', 'en', 'es', 'it')
    """
    return tuple(code for code, one in languages().items() if benchmark in one.benchmarks)


def find_language_facts(code: str) -> Language:
    """Return what is known of a language, by its code or, failing that, by the code's first part.

    Raises:
        ConfigError: no benchmark has it (code unknown-language).
    """
    known = languages()
    found = known.get(code) or known.get(base_language(code))
    if found is None:
        raise ConfigError(
            f"a language must be one of {', '.join(known)}, got {code!r}", code="unknown-language"
        )
    return found


def _language(row: Mapping[str, str]) -> Language:
    return Language(
        code=row["code"],
        endonym=row["endonym"],
        iso639_3=row["iso639_3"],
        script=row["script"],
        family=row["family"],
        branch=row["branch"],
        resources=int(row["resources"]) if row["resources"] else None,
        benchmarks=tuple(row["benchmarks"].split()),
    )
