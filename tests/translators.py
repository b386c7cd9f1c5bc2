"""A translator that looks sentences up, with and without tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.config import ComponentChoice


@dataclass(frozen=True)
class Lookup:
    """Translates what it knows and gives all else back as it is."""

    known: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        self.asked.extend(texts)
        return [self.known.get(text, text) for text in texts]

    def release(self) -> None:
        self.asked.append("released")


@dataclass(frozen=True)
class TagLookup(Lookup):
    """The same, and inline tags come through."""

    def translate_tagged(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        return self.translate(texts, source=source, target=target)


@dataclass(frozen=True)
class One:
    """A registry with one component in it."""

    component: object

    def create(self, name: str, parameters: object = None) -> object:
        return self.component


ANY = ComponentChoice(name="lookup")
__all__ = ["ANY", "Lookup", "One", "TagLookup"]
