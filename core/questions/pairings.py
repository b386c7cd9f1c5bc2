"""The files of MLQA: one for each pairing of a language of the contexts and one of the questions.

Paper: Lewis et al. 2020, MLQA, arXiv:1910.07475, section 5: cross-lingual transfer (XLT) has both
in one language, generalised transfer (G-XLT) has every pairing.
Departs: none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import ConfigError, DataError

_NAME = re.compile(r"(?P<split>\w+)-context-(?P<context>\w+)-question-(?P<question>\w+)\.json")


@dataclass(frozen=True, slots=True)
class Pairing:
    """A file of questions in one language about contexts in another or the same.

    Attributes:
        context: language of the contexts, and so of the answers.
        question: language of the questions.
        path: the file.
    """

    context: str
    question: str
    path: Path

    @property
    def is_monolingual(self) -> bool:
        """Tell whether contexts and questions are in one language (XLT)."""
        return self.context == self.question


def pairings_in(folder: Path, *, split: str = "") -> tuple[Pairing, ...]:
    """Find the files `{split}-context-{c}-question-{q}.json` of a folder.

    Args:
        folder: where to look, not deeper.
        split: `dev` or `test`; empty where the folder holds one of them only.

    Returns:
        Sorted by the language of the contexts, then by that of the questions.

    Raises:
        ConfigError: the folder holds several splits (code bad-value).
        DataError: it holds no such file (code missing-corpus).
    """
    names = [
        (name, path)
        for path in folder.iterdir()
        if (name := _NAME.fullmatch(path.name)) and split in ("", name["split"])
    ]
    splits = sorted({name["split"] for name, _ in names})
    if not splits:
        raise DataError(
            "the folder must hold files "
            f"{split or 'SPLIT'}-context-LANGUAGE-question-LANGUAGE.json, got none",
            code="missing-corpus",
            path=str(folder),
        )
    if len(splits) > 1:
        raise ConfigError(
            f"the split must be one of {', '.join(splits)}, got none", code="bad-value"
        )
    found = [Pairing(name["context"], name["question"], path) for name, path in names]
    return tuple(sorted(found, key=lambda pairing: (pairing.context, pairing.question)))
