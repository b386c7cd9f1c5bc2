"""The bundled demo: short texts in thirteen languages, made to show what goes right and wrong."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import ClassVar

from core.corpora import BadLines
from core.corpora.brackets import Brackets
from core.datasets import DATASETS
from core.datasets._choice import choose_split, require_pair
from core.datasets._joining import join_sides
from core.datasets._sides import read_side
from core.text.files import read_lines
from core.types import SentencePair

_FOLDER = Path(__file__).parents[2] / "assets" / "demo"
_LANGUAGES = ("en", "de", "es", "fr", "pt", "ru", "ar", "zh", "hi", "tr", "sw", "yo", "ja")


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """What a text shows, in all its languages.

    Attributes:
        phenomena: slugs such as `reordering`.
        note: one sentence on what to watch for.
    """

    phenomena: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Demo:
    """Sixty texts, each a translation of the others, with PER, LOC and ORG; no benchmark."""

    title: ClassVar[str] = "Demo"
    licence: ClassVar[str] = "CC0 1.0, part of this project"
    description: ClassVar[str] = (
        "Sixty invented texts in thirteen languages. Hard cases are far more frequent than in "
        "ordinary text: good to look at, of no use as a benchmark."
    )
    splits: ClassVar[tuple[str, ...]] = ()

    def languages(self) -> tuple[str, ...]:
        """List the languages."""
        return _LANGUAGES

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List every ordered pair."""
        return tuple(permutations(_LANGUAGES, 2))

    def missing(self) -> tuple[str, ...]:
        """List the files that are not in the assets folder."""
        files = [f"{language}.txt" for language in _LANGUAGES]
        return tuple(f"assets/demo/{file}" for file in files if not (_FOLDER / file).is_file())

    def load(
        self, *, source: str, target: str, split: str = "", skip_bad: BadLines | None = None
    ) -> list[SentencePair]:
        """Load the pairs, joined by their names: `demo:d01`."""
        require_pair(self.pairs(), source, target, corpus="demo")
        choose_split(split, self.splits, corpus="demo")
        first, second = (
            read_side(Brackets(), _FOLDER / f"{language}.txt", language, skip_bad=skip_bad)
            for language in (source, target)
        )
        return join_sides(first, second, name="demo", by="id", skip_bad=skip_bad)

    def groups(self) -> dict[str, DemoGroup]:
        """Return what each text shows, by its name without `demo:`."""
        groups = {}
        for line in read_lines(_FOLDER / "groups.tsv")[1:]:
            name, phenomena, note = line.text.split("\t")
            groups[name] = DemoGroup(tuple(phenomena.split(",")), note)
        return groups


DATASETS.register(Demo)
