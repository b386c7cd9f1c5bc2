"""Alignment error rate on the gold alignments of the data folder, beside published figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.config import RunConfig
from core.datasets import data_folder
from core.errors import DataError
from core.evaluate.alignment import score_links
from core.stages import Progress, align_pairs
from core.text.files import read_lines
from core.text.pharaoh import read_links, read_reference_links
from core.text.words import sentence_from_words
from core.types import Link, SentencePair

_FOLDER = "word-alignment"


@dataclass(frozen=True, slots=True)
class GoldAlignments:
    """Sentence pairs with gold links, counted from 0."""

    pairs: list[SentencePair]
    links: list[tuple[Link, ...]]


def bench_aer(config: RunConfig, progress: Progress) -> dict[str, Any]:
    """Score a configuration's aligner on every gold set.

    Returns:
        For each set: `aer`, `precision`, `recall`, `sentences`.

    Raises:
        DataError: the data folder has no gold alignments (code missing-corpus).
    """
    folder = data_folder()
    if folder is None or not (folder / _FOLDER).is_dir():
        raise DataError(
            f"alignment error rate needs the gold alignments, got no folder {_FOLDER!r}",
            code="missing-corpus",
            hint="set SPANBRIDGE_DATA to the folder with the corpora",
        )
    results: dict[str, Any] = {}
    for name, load in _SETS.items():
        gold = load(folder / _FOLDER)
        predicted = [a.links for a in align_pairs(config, gold.pairs, progress=progress)]
        results[name] = score_links(predicted, gold.links).as_dict()
    return results


def _marked(text: Path, links: Path, source: str, target: str) -> GoldAlignments:
    """Read `source ||| target` lines with one-based Pharaoh links."""
    pairs = []
    for line in read_lines(text):
        line.require_utf8()
        left, bar, right = line.text.partition("|||")
        if not bar:
            raise line.error("a line must be 'source ||| target', got no '|||'", code="bad-line")
        pairs.append(_pair(left, right, source, target))
    return GoldAlignments(pairs, read_links(links, one_based=True))


def _de_en(folder: Path) -> GoldAlignments:
    sides = [
        [line.text for line in read_lines(folder / "de-en" / f"test.{language}")]
        for language in ("de", "en")
    ]
    pairs = [_pair(left, right, "de", "en") for left, right in zip(*sides, strict=True)]
    links = read_reference_links(folder / "de-en" / "de-en.ref.wa", sentences=len(pairs))
    return GoldAlignments(pairs, links)


def _pair(left: str, right: str, source: str, target: str) -> SentencePair:
    return SentencePair(
        sentence_from_words(left.split(), source), sentence_from_words(right.split(), target)
    )


_SETS: Mapping[str, Callable[[Path], GoldAlignments]] = {
    "en-fr": lambda f: _marked(f / "enfr.src-tgt", f / "enfr.gold", "en", "fr"),
    "ro-en": lambda f: _marked(f / "roen.src-tgt", f / "roen.gold", "ro", "en"),
    "de-en": _de_en,
}
