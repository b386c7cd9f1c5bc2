"""Parallel corpora by name, and the user's own files: sentence pairs ready to project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from core.corpora import BadLines
from core.datasets._fetched import Fetched
from core.datasets._fetching import fetch_corpus
from core.datasets._folder import VARIABLE, data_folder, data_folders, own_data_folder, require_file
from core.datasets._joining import JoinBy
from core.datasets._licences import accepted_licences, require_accepted
from core.datasets._parallel_folder import files_in_folder
from core.datasets._sources import SOURCES, Source
from core.errors import ConfigError, DataError
from core.registry import Registry
from core.text.nfc import compose
from core.types import SentencePair

__all__ = [
    "DATASETS",
    "SOURCES",
    "CorpusDescription",
    "Dataset",
    "Fetched",
    "Source",
    "accepted_licences",
    "data_folder",
    "data_folders",
    "describe_corpora",
    "fetch_corpus",
    "is_named",
    "load_corpus",
    "own_data_folder",
    "own_files",
    "require_accepted",
    "require_file",
]


@runtime_checkable
class Dataset(Protocol):
    """A parallel corpus.

    Laws (tests/contract/test_datasets.py): every pair listed can be loaded where nothing is
    missing; pair names are unique and begin with the corpus's name; links lie inside both
    sentences.
    """

    title: ClassVar[str]
    licence: ClassVar[str]
    description: ClassVar[str]
    splits: ClassVar[tuple[str, ...]]

    def languages(self) -> tuple[str, ...]:
        """List the languages as BCP-47 codes; none where any will do."""
        ...

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List the language pairs, source first; none where any will do."""
        ...

    def missing(self) -> tuple[str, ...]:
        """List the files it needs that are not there."""
        ...

    def load(
        self, *, source: str, target: str, split: str = "", skip_bad: BadLines | None = None
    ) -> list[SentencePair]:
        """Load sentence pairs in corpus order.

        Args:
            source: language to project from.
            target: language to project onto.
            split: which part; empty takes `test`, or else the last one.
            skip_bad: takes malformed sentences, each with its pair, instead of stopping.

        Raises:
            ConfigError: a pair of languages or a split it does not have.
            DataError: files are missing (code missing-corpus), malformed, or not parallel.
        """
        ...


DATASETS: Registry[Dataset] = Registry("corpus", "core.datasets")


@dataclass(frozen=True, slots=True)
class CorpusDescription:
    """A named corpus as a list shows it.

    Attributes:
        name: public name, with dashes.
        title: what people call it.
        licence: under which terms it may be used.
        description: what is in it.
        languages: BCP-47 codes.
        pairs: (source, target) that can be loaded.
        splits: its parts; none where it is one piece.
        available: whether it can be loaded, at least in some of its languages.
        missing: which files are not there.
        hint: what to do about it; empty where nothing is missing.
        ready: languages that have at least one split here, of a corpus whose languages stand
            alone; all languages of another where nothing is missing.
    """

    name: str
    title: str
    licence: str
    description: str
    languages: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    splits: tuple[str, ...]
    available: bool
    missing: tuple[str, ...]
    hint: str
    ready: tuple[str, ...] = ()


def describe_corpora() -> tuple[CorpusDescription, ...]:
    """Describe every named corpus, whether its files are here or not."""
    return tuple(_describe(key) for key in DATASETS.names() if key != "files")


def _describe(key: str) -> CorpusDescription:
    from core.datasets._benchmark import OneSided, ready_languages

    corpus = DATASETS.create(key)
    missing = corpus.missing()
    one_sided = isinstance(corpus, OneSided)
    complete = () if missing else corpus.languages()
    ready = ready_languages(corpus) if isinstance(corpus, OneSided) else complete
    return CorpusDescription(
        name=public_name(key),
        title=corpus.title,
        licence=corpus.licence,
        description=corpus.description,
        languages=corpus.languages(),
        pairs=corpus.pairs(),
        splits=corpus.splits,
        available=bool(ready) if one_sided else not missing,
        missing=missing,
        hint=_hint(public_name(key), missing) if missing else "",
        ready=ready,
    )


def _hint(name: str, missing: tuple[str, ...]) -> str:
    """Say how to get what is missing."""
    more = f" and {len(missing) - 2} more" if missing[2:] else ""
    hint = f"set {VARIABLE} to the folder that holds {', '.join(missing[:2])}{more}"
    return f"python -m core corpora get {name}, or {hint}" if name in SOURCES else hint


def public_name(key: str) -> str:
    """Return a corpus's public name, `europarl-ner`, for its module's name."""
    return key.replace("_", "-")


def load_corpus(
    name_or_path: str | Path | None,
    *,
    source: str,
    target: str | None,
    split: str = "",
    skip_bad: BadLines | None = None,
    source_file: Path | str | None = None,
    target_file: Path | str | None = None,
    links_file: Path | str | None = None,
    source_format: str = "",
    target_format: str = "",
    join: JoinBy = "auto",
    one_based: bool = False,
    nfc: bool = False,
) -> list[SentencePair]:
    """Load sentence pairs from a named corpus or from files: the one entry point.

    Args:
        name_or_path: a corpus by name, with dashes or underscores; a folder with a file for each
            language (`en.txt`, `de.conll`, perhaps `en-de.pharaoh`); the source file, as
            `source_file`; or None for `source_file` and `target_file`.
        source: language to project from, BCP-47.
        target: language to project onto; None where the corpus has only one for the source.
        split: part of a named corpus; empty takes `test`, or else the last one.
        skip_bad: takes malformed sentences, each with its pair, instead of stopping at the first.
        source_file: labelled source sentences.
        target_file: their translations.
        links_file: word links in Pharaoh format; they come back as `pair.links["file"]`.
        source_format: format of the source file, such as `conll:tag_column=1`; empty guesses.
        target_format: format of the target file; empty guesses.
        join: whether files are joined by line or by id.
        one_based: whether the links count words from 1.
        nfc: bring all text to Unicode NFC; nothing is normalised otherwise.

    Returns:
        At least one pair, in corpus order.

    Raises:
        ConfigError: an unknown corpus, language pair or split, or options that exclude each other.
        DataError: files missing (code missing-corpus, file-not-found), malformed, not parallel, or
            without a readable pair (empty-corpus).
    """
    given = {"source_file": source_file, "target_file": target_file, "links_file": links_file}
    files = {key: str(path) for key, path in given.items() if path is not None}
    formats = {"source_format": source_format, "target_format": target_format}
    corpus = _find(
        name_or_path, files, {**formats, "join": join, "one_based": one_based}, (source, target)
    )
    language = target or _only_target(corpus, source)
    pairs = corpus.load(source=source, target=language, split=split, skip_bad=skip_bad)
    if not pairs:
        raise DataError(
            "a corpus must have at least one readable sentence pair, got none", code="empty-corpus"
        )
    if nfc:
        pairs = [replace(p, source=compose(p.source), target=compose(p.target)) for p in pairs]
    return pairs


def _find(
    name_or_path: str | Path | None,
    files: Mapping[str, str],
    options: Mapping[str, object],
    languages: tuple[str, str | None],
) -> Dataset:
    """Return the corpus that is named, or the user's files as one."""
    if name_or_path is None:
        return DATASETS.create("files", {**options, **files})
    if is_named(str(name_or_path)):
        if files:
            raise ConfigError(
                f"a corpus must be a name or files, got {name_or_path} and {', '.join(files)}",
                code="bad-value",
            )
        return DATASETS.create(str(name_or_path).replace("-", "_"))
    path = Path(name_or_path)
    if path.is_dir():
        found = files_in_folder(path, languages[0], languages[1] or "")
        return DATASETS.create("files", {**options, **found, **files})
    if path.is_file() and "source_file" not in files:
        return DATASETS.create("files", {**options, "source_file": str(path), **files})
    listing = ", ".join(public_name(name) for name in DATASETS.names() if name != "files")
    raise ConfigError(
        f"a corpus must be a file, a folder or one of {listing}; got {str(name_or_path)!r}",
        code="unknown-name",
    )


def is_named(name: str) -> bool:
    """Tell whether a corpus is known by this name, with dashes or underscores."""
    key = name.replace("-", "_")
    return key in DATASETS.names() and key != "files"


def own_files(path: str, source: str, target: str) -> dict[str, Path]:
    """Return the files that a folder, or the one file, of a user's own corpus stands for.

    Args:
        path: the folder, with a file for each language, or the source file.
        source: language to project from.
        target: language to project onto.

    Returns:
        `source`, and where there are any `target` and `links`.

    Raises:
        ConfigError: there is no such corpus, folder or file (code unknown-name).
        DataError: a folder without a file for a language.
    """
    found = _find(path, {}, {}, (source, target))
    named = {key: getattr(found, f"{key}_file", "") for key in ("source", "target", "links")}
    return {key: Path(one) for key, one in named.items() if one}


def _only_target(corpus: Dataset, source: str) -> str:
    targets = [target for first, target in corpus.pairs() if first == source]
    if len(targets) == 1:
        return targets[0]
    raise ConfigError(
        f"the target language must be given; from {source} there are {', '.join(targets) or 'any'}",
        code="unknown-language",
    )
