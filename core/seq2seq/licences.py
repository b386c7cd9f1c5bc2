"""Licences of translation models, to be shown where a model is chosen."""

from __future__ import annotations

import re
from pathlib import Path

# By a part of the name, so that a folder or a further trained model called after its origin is
# known too. OPUS-MT models differ among themselves.
_KNOWN = {
    "nllb-200": "CC-BY-NC 4.0",
    "m2m100": "MIT",
    "opus-mt": "Apache-2.0 or CC-BY 4.0",
}
_DECLARED = re.compile(r"\A---\s*\n(?:.*\n)*?license:\s*(\S+)\s*\n(?:.*\n)*?---\s*$", re.MULTILINE)


def licence(model: str) -> str:
    """Return the licence of a model's weights.

    Args:
        model: Hugging Face id or folder.

    Returns:
        The licence a folder's own README.md declares, else that of the models of this name; empty
        where neither says anything, and then the model's page must be asked.

    >>> licence("facebook/nllb-200-3.3B"), licence("somebody/something")
    ('CC-BY-NC 4.0', '')
    """
    card = Path(model).expanduser() / "README.md"
    if card.is_file():
        declared = _DECLARED.search(card.read_text(encoding="utf-8", errors="replace"))
        if declared:
            return declared[1].strip("\"'")
    name = Path(model).name.lower()
    return next((known for part, known in _KNOWN.items() if part in name), "")
