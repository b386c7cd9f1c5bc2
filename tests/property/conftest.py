"""What every property test may take for granted."""

from __future__ import annotations

import pytest

from core.text.words import split_words
from tests.property.strategies import LANGUAGES


@pytest.fixture(scope="session", autouse=True)
def _load_tokenizers() -> None:
    """Load them once, so that no single example pays for it."""
    for language in LANGUAGES:
        split_words("", language)
