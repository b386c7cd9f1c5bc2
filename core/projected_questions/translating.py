"""Translating many texts of which some may fail."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import BackendError, DataError, SpanbridgeError
from core.projected_questions import Request
from core.stages import may_be_one_text
from core.translators import Translator

Translated = str | SpanbridgeError
"""A translation, or why there is none."""


def translate_each(
    translator: Translator, texts: Sequence[str], request: Request
) -> list[Translated]:
    """Translate texts, at once where that works; else one by one, so that a bad one fails alone.

    Args:
        translator: any.
        texts: to translate; equal ones are translated once.
        request: the languages.

    Returns:
        One value a text, in order. An empty translation of a text is an error too.

    Raises:
        ConfigError: the translator does not know the languages.
        DataError: the translator's own file cannot be read.
        BackendError: a program, package or model is missing.
    """
    wanted = list(dict.fromkeys(texts))
    found: dict[str, Translated]
    try:
        made = translator.translate(wanted, source=request.source, target=request.target)
        found = dict(zip(wanted, made, strict=True))
    except (BackendError, DataError) as error:
        if not may_be_one_text(error) or len(wanted) == 1:
            return _all_failed(error, texts)
        found = {text: _alone(translator, text, request) for text in wanted}
    return [_not_empty(text, found[text]) for text in texts]


def _all_failed(error: SpanbridgeError, texts: Sequence[str]) -> list[Translated]:
    if not may_be_one_text(error):
        raise error
    return [error for _ in texts]


def _alone(translator: Translator, text: str, request: Request) -> Translated:
    try:
        return translator.translate([text], source=request.source, target=request.target)[0]
    except (BackendError, DataError) as error:
        if not may_be_one_text(error):
            raise
        return error


def _not_empty(text: str, found: Translated) -> Translated:
    if isinstance(found, str) and text.strip() and not found.strip():
        return BackendError("a translation must not be empty, got one that is", code="bad-value")
    return found
