"""One side of a parallel corpus: labelled sentences to train on or to test with."""

from __future__ import annotations

from core.corpora import BadLines
from core.datasets import DATASETS, load_corpus
from core.datasets._benchmark import OneSided
from core.errors import ConfigError
from core.types import Sentence


def names_side(source: str) -> bool:
    """Tell whether a text is `CORPUS/LANGUAGE` or `CORPUS/LANGUAGE/SPLIT` of a known corpus."""
    return source.split("/")[0].replace("-", "_") in DATASETS.names() and "/" in source


def load_side(source: str, skip_bad: BadLines | None = None) -> list[Sentence]:
    """Load one side of a named corpus, each sentence once.

    Args:
        source: `CORPUS/LANGUAGE`, or with `/SPLIT`.
        skip_bad: takes malformed sentences instead of stopping at the first.

    Raises:
        ConfigError: an unknown corpus, language or split.
        DataError: its files are missing or malformed.
    """
    name, language, *rest = source.split("/")
    corpus = DATASETS.create(name.replace("-", "_"))
    if isinstance(corpus, OneSided) and len(rest) <= 1:
        return corpus.sentences(language, rest[0] if rest else "", skip_bad)
    pair = next((one for one in corpus.pairs() if language in one), None)
    if pair is None or len(rest) > 1:
        raise ConfigError(
            f"data must be a file or CORPUS/LANGUAGE[/SPLIT], with one of the languages "
            f"{', '.join(corpus.languages())}; got {source!r}",
            code="unknown-language",
        )
    split = rest[0] if rest else ""
    pairs = load_corpus(name, source=pair[0], target=pair[1], split=split, skip_bad=skip_bad)
    sides = [one.source if language == pair[0] else one.target for one in pairs]
    return list({(one.id, one.words): one for one in sides}.values())
