"""Checking what was asked of a corpus against what it has."""

from __future__ import annotations

from core.errors import ConfigError


def require_pair(
    pairs: tuple[tuple[str, str], ...], source: str, target: str, *, corpus: str
) -> None:
    """Check a language pair.

    Raises:
        ConfigError: the corpus does not have it (code unknown-language).
    """
    if (source, target) not in pairs:
        listing = ", ".join(f"{first}-{second}" for first, second in pairs)
        raise ConfigError(
            f"{corpus} has the language pairs {listing}; got {source}-{target}",
            code="unknown-language",
        )


def choose_split(split: str, splits: tuple[str, ...], *, corpus: str) -> str:
    """Return the split that was asked for.

    With none asked for it is `test`, or else the last one; a corpus without splits has only that
    of no name.

    Raises:
        ConfigError: the corpus does not have it (code unknown-name).
    """
    if not split:
        return "test" if "test" in splits else splits[-1] if splits else ""
    if split not in splits:
        raise ConfigError(
            f"{corpus} has the splits {', '.join(splits) or 'none'}; got {split!r}",
            code="unknown-name",
        )
    return split
