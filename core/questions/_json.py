"""JSON files read whole: damage of any kind is an error that names the file."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from core.errors import DataError
from core.text.files import read_lines

MAX_BYTES = 256 * 2**20
"""Size of a file; the training part of SQuAD 1.1, the largest in use, has 30 MB."""


def read_json_object(path: Path) -> dict[str, Any]:
    """Read a file that holds one JSON object.

    Raises:
        DataError: no such file (code file-not-found), beyond the limit (too-large), not UTF-8
            (not-utf8), no JSON object (bad-line), or a name twice in one object (bad-value).
    """
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        raise DataError(
            f"a file must have at most {MAX_BYTES:,} bytes, got more",
            code="too-large",
            path=str(path),
        )
    lines = read_lines(path)
    for line in lines:
        line.require_utf8()
    parsed = _parse("\n".join(line.text for line in lines), str(path))
    if not isinstance(parsed, dict):
        raise DataError(
            f"the file must hold one JSON object, got {type(parsed).__name__}",
            code="bad-line",
            path=str(path),
        )
    return parsed


def _parse(text: str, path: str) -> object:
    def object_of(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            # Of two values under one name JSON libraries keep the last without a word.
            twice = Counter(name for name, _ in items).most_common(1)[0][0]
            raise DataError(
                f"a name must stand once in an object, got {twice!r} again",
                code="bad-value",
                path=path,
            )
        return found

    try:
        return json.loads(text, object_pairs_hook=object_of)
    except json.JSONDecodeError as error:
        raise DataError(
            f"the file must be JSON: {error.msg}", code="bad-line", path=path, line=error.lineno
        ) from error
    except (ValueError, RecursionError) as error:  # an endless number, or brackets without end
        raise DataError(f"the file must be JSON: {error}", code="bad-line", path=path) from error


def is_valid_unicode(text: str) -> bool:
    """Tell whether a text can be written as UTF-8: JSON can spell half a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
