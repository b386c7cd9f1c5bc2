"""A user's own files: source, target and perhaps word links, in any format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from core.config import ComponentChoice, parse_settings
from core.corpora import FORMATS, BadLines, Format, guess_format
from core.datasets import DATASETS
from core.datasets._choice import choose_split
from core.datasets._joining import JoinBy, join_sides, source_alone
from core.datasets._sides import read_link_side, read_side
from core.errors import ConfigError
from core.types import SentencePair

LINKS_NAME = "file"
"""Name of the word links that came in a file."""


@dataclass(frozen=True)
class Files:
    """Two parallel files. Target entities, where the file has any, are gold.

    Without a target file the target sentences are still to be made, by a translator.

    A format is given by name, with its options after a colon (`conll:tag_column=1,scheme=iob1`); an
    empty one is guessed from the file.
    """

    title: ClassVar[str] = "Your own files"
    licence: ClassVar[str] = "as you have it"
    description: ClassVar[str] = "Two parallel files in any format, perhaps with word links."
    splits: ClassVar[tuple[str, ...]] = ()

    source_file: Annotated[str, Field(description="labelled source sentences")] = ""
    target_file: Annotated[
        str, Field(description="their translations, in order; empty: to be made")
    ] = ""
    links_file: Annotated[str, Field(description="word links in Pharaoh format; may be empty")] = ""
    source_format: Annotated[str, Field(description="format of the source; empty: guess")] = ""
    target_format: Annotated[str, Field(description="format of the target; empty: guess")] = ""
    join: Annotated[
        JoinBy,
        Field(description="join by line, or by id; auto: by id where every sentence has its own"),
    ] = "auto"
    one_based: Annotated[bool, Field(description="links count words from 1")] = False

    def languages(self) -> tuple[str, ...]:
        """List no languages: any will do."""
        return ()

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List no pairs: any will do."""
        return ()

    def missing(self) -> tuple[str, ...]:
        """List which of the given files are not there."""
        files = (self.source_file, self.target_file, self.links_file)
        return tuple(file for file in files if file and not Path(file).is_file())

    def load(
        self, *, source: str, target: str, split: str = "", skip_bad: BadLines | None = None
    ) -> list[SentencePair]:
        """Load the pairs, named by the sentences' own names or by their place."""
        choose_split(split, self.splits, corpus="files")
        if not self.source_file:
            raise ConfigError(
                f"files must have a source file, got {self.target_file!r} alone",
                code="bad-value",
                hint="for text of the target language alone use the command pipeline",
            )
        require_linked_sides(self.source_file, self.target_file, self.links_file)
        first, second = Path(self.source_file), Path(self.target_file)
        source_side = read_side(
            _reader(self.source_format, first), first, source, skip_bad=skip_bad
        )
        if not self.target_file:
            return source_alone(source_side, target)
        target_side = read_side(
            _reader(self.target_format, second), second, target, skip_bad=skip_bad
        )
        links = {}
        if self.links_file:
            links[LINKS_NAME] = read_link_side(
                Path(self.links_file), one_based=self.one_based, skip_bad=skip_bad
            )
        return join_sides(
            source_side,
            target_side,
            by=self.join,
            links=links,
            has_gold=target_side.has_spans,
            skip_bad=skip_bad,
        )


def require_linked_sides(
    source: str | Path | None, target: str | Path | None, links: str | Path | None
) -> None:
    """Check that where there are word links, there is what they link.

    Args:
        source: file of the source sentences; empty or None where there is none.
        target: the same of the target sentences.
        links: the same of the links.

    Raises:
        ConfigError: a side has no file (code bad-value).
    """
    for side, file in (("source", source), ("target", target)):
        if links and not file:
            raise ConfigError(f"word links need a {side} file, got none", code="bad-value")


def _reader(choice: str, path: Path) -> Format:
    guess = guess_format(path) if not choice else _parse_choice(choice)
    return FORMATS.create(guess.name, guess.parameters)


def _parse_choice(choice: str) -> ComponentChoice:
    name, _, options = choice.partition(":")
    settings = parse_settings(filter(None, options.split(",")))
    return ComponentChoice(name=name.strip(), parameters=dict(settings))


DATASETS.register(Files)
