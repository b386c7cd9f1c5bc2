"""Translators: text in one language → text in another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from core.registry import Registry


@runtime_checkable
class Translator(Protocol):
    """Translates sentences as running text.

    Laws (tests/contract/test_translators.py): one text a text, in order; an empty text stays empty;
    a text's translation does not depend on the other texts of the call; an unsupported language is
    a ConfigError (unknown-language) before anything is translated.
    """

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Translate every text.

        Args:
            texts: running text, a sentence each.
            source: BCP-47 code of their language.
            target: BCP-47 code of the language wanted.

        Raises:
            ConfigError: the language pair is not supported (code unknown-language).
            BackendError: a program, package or model is missing, or it broke off.
        """
        ...

    def release(self) -> None:
        """Free what the model holds in memory; the next call loads it again."""
        ...


@runtime_checkable
class TagTranslator(Protocol):
    """A translator that carries inline tags through by design."""

    def translate_tagged(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Translate HTML fragments; `<b id="1">…</b>` comes out around what it was around.

        Raises:
            ConfigError: the language pair is not supported (code unknown-language).
            BackendError: a program, package or model is missing, or it broke off.
        """
        ...


TRANSLATORS: Registry[Translator] = Registry("translator", "core.translators")
