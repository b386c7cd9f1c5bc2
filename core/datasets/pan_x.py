"""PAN-X: entities in the Wikipedias of forty languages, found by links between articles.

Paper: Pan et al. 2017, Cross-lingual Name Tagging and Linking for 282 Languages, P17-1178 (the
annotation); Rahimi et al. 2019, P19-1015 (balanced splits); Hu et al. 2020, XTREME,
arXiv:2003.11080 (the forty languages).
Departs: none. The annotation is silver, not gold: nobody has checked it by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from core.corpora.conll import Conll
from core.corpora.jsonl import Jsonl
from core.corpora.parquet import Parquet
from core.datasets import DATASETS
from core.datasets._benchmark import Benchmark
from core.datasets._pan_x_rows import PanXRows
from core.datasets._parts import PAN_X_SPLITS
from core.datasets._sides import Reader
from core.datasets._sources import SOURCES, Form
from core.languages import languages_of
from core.text.files import read_lines

# The numbers of the Hugging Face form (huggingface/datasets, datasets/wikiann/dataset_infos.json).
_TAGS = "O,B-PER,I-PER,B-ORG,I-ORG,B-LOC,I-LOC"
_HUB_SPLITS = {"dev": "validation"}


@dataclass(frozen=True)
class PanX(Benchmark):
    """Sentences with PER, LOC and ORG; the source side has no words yet."""

    name: ClassVar[str] = "pan-x"
    form: ClassVar[Form] = "pan-x"
    title: ClassVar[str] = "PAN-X (WikiANN)"
    licence: ClassVar[str] = SOURCES["pan-x"].licence
    description: ClassVar[str] = (
        "Sentences and titles of Wikipedia in the forty languages of XTREME, with entities found "
        "by links between articles: silver, not gold. Each language stands alone."
    )
    splits: ClassVar[tuple[str, ...]] = PAN_X_SPLITS

    def own_languages(self) -> tuple[str, ...]:
        """List the languages of XTREME."""
        return languages_of("pan-x")

    def splits_of(self, language: str) -> tuple[str, ...]:
        """List the splits, which all languages have."""
        return self.splits

    def files(self, language: str, split: str) -> tuple[str, ...]:
        """List the files of rows, of JSON lines, and the tables of Hugging Face."""
        hub = _HUB_SPLITS.get(split, split)
        stems = dict.fromkeys((split, hub))
        return (
            f"pan-x/{language}/{split}",
            f"pan-x/{language}/{split}.tsv",
            *(f"pan-x/{language}/{stem}.jsonl" for stem in stems),
            *(f"pan-x/{language}/{stem}.parquet" for stem in stems),
            f"pan-x/{language}/{hub}-00000-of-00001.parquet",
        )

    def reader(self, path: Path) -> Reader:
        """Return what reads a file; rows whose token has no language before it are plain CoNLL."""
        if path.suffix == ".jsonl":
            return Jsonl(tag_names=_TAGS)
        if path.suffix == ".parquet":
            return Parquet(tag_names=_TAGS)
        prefix = f"{path.parent.name}:"
        first = next((line for line in read_lines(path) if not line.is_blank), None)
        return PanXRows() if first is None or first.text.startswith(prefix) else Conll()


DATASETS.register(PanX)
