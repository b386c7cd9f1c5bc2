"""African languages with gold entities, joined with the text they were translated from or into.

Paper: Adelani et al. 2022, MasakhaNER 2.0, EMNLP; Adelani et al. 2022, A Few Thousand Translations
Go a Long Way! (MAFAND-MT), NAACL.
Departs: languages go by their shortest BCP-47 code (`lg`, `yo`, `ee`), not by the files' names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from core.corpora import BadLines, load_record
from core.datasets import DATASETS
from core.datasets._choice import choose_split, require_pair
from core.datasets._folder import missing_files, require_file
from core.errors import DataError
from core.text.char_spans import sentence_from_text
from core.text.files import Line, read_lines
from core.text.locate import sentence_in_text
from core.text.tags import spans_from_tags
from core.types import SentencePair

_SPLITS: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("en", "lg"): ("en-lug", ("train", "dev", "test")),
    ("en", "pcm"): ("en-pcm", ("train", "dev", "test")),
    ("en", "yo"): ("en-yor", ("train",)),
    ("fr", "ee"): ("fr-ewe", ("train", "dev", "test")),
}
"""Folder and splits of every language pair."""


@dataclass(frozen=True)
class Masakhaner2Mafand:
    """News in four languages with PER, LOC, ORG and DATE; the source side has no entities."""

    title: ClassVar[str] = "MasakhaNER 2.0 with MAFAND"
    licence: ClassVar[str] = "CC BY-NC 4.0"
    description: ClassVar[str] = (
        "News in Luganda, Nigerian Pidgin, Yoruba and Ewe with gold entities beside its English or "
        "French original, which is raw text: label it before projecting. Yoruba has `train` only."
    )
    splits: ClassVar[tuple[str, ...]] = ("train", "dev", "test")

    def languages(self) -> tuple[str, ...]:
        """List the languages."""
        return tuple(sorted({language for pair in _SPLITS for language in pair}))

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List the pairs."""
        return tuple(_SPLITS)

    def missing(self) -> tuple[str, ...]:
        """List the files that are not in the data folder."""
        return missing_files(
            tuple(_file(folder, split) for folder, splits in _SPLITS.values() for split in splits)
        )

    def load(
        self, *, source: str, target: str, split: str = "", skip_bad: BadLines | None = None
    ) -> list[SentencePair]:
        """Load the pairs, named by split and place: `masakhaner2-mafand:test:12`."""
        require_pair(self.pairs(), source, target, corpus="masakhaner2-mafand")
        folder, splits = _SPLITS[source, target]
        split = choose_split(split, splits, corpus=f"masakhaner2-mafand {source}-{target}")
        lines = [
            line for line in read_lines(require_file(_file(folder, split))) if not line.is_blank
        ]
        prefix = f"masakhaner2-mafand:{split}"
        return list(_pairs(lines, source, target, prefix, skip_bad=skip_bad))


def _pairs(
    lines: list[Line], source: str, target: str, prefix: str, *, skip_bad: BadLines | None
) -> Iterator[SentencePair]:
    for place, line in enumerate(lines):
        try:
            pair = _pair(line, source, target)
        except DataError as error:
            if skip_bad is None:
                raise
            skip_bad.add(place, error)
        else:
            yield replace(pair, id=f"{prefix}:{place + 1}")


def _pair(line: Line, source: str, target: str) -> SentencePair:
    record = load_record(line)
    words = _texts(record.get("tokens"), "tokens", line)
    tags = _texts(record.get("tags"), "tags", line)
    source_text, target_text = record.get("src_text"), record.get("tgt_text", "")
    if len(words) != len(tags):
        raise line.error(f"there must be one tag a word, got {len(tags)} for {len(words)} words")
    if not isinstance(source_text, str) or not isinstance(target_text, str):
        raise line.error("src_text and tgt_text must be text")
    try:
        spans = spans_from_tags(tags)
    except DataError as error:
        raise line.error(error.reason, code=error.code) from error
    return SentencePair(
        source=sentence_from_text(source_text, source, line=line.number),
        # Many texts differ from the words in details; then the text is made from the words.
        target=sentence_in_text(target_text, words, target, spans=spans, line=line.number),
        source_labelled=False,
    )


def _texts(value: Any, what: str, line: Line) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise line.error(f"{what} must be a list of texts, got {value!r}")
    return value


def _file(folder: str, split: str) -> str:
    return f"masakhaner2-mafand/{folder}/{split}.jsonl"


DATASETS.register(Masakhaner2Mafand)
