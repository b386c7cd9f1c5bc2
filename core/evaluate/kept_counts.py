"""What was counted of a run, without a word of any text: what may be kept where a corpus may not.

A file holds, for every test set, the counts of each unit and the digest of its gold files, so that
runs can be compared by paired tests long after, and elsewhere.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from core.corpora._bytes import write_bytes
from core.errors import DataError
from core.evaluate.kept import KeptSet

COUNTS_SUFFIX = ".npz"
LANGUAGE = "language"
"""Rule that only some files name: what answers were counted by where no set's name tells it."""
_DIGESTS = "digests"


def write_counts(path: Path, kept: Mapping[str, KeptSet], *, counted: Mapping[str, str]) -> None:
    """Write what was counted, whole or not at all.

    Args:
        path: file to make, `.npz`.
        kept: sets by name.
        counted: how: metric and classes; runs counted otherwise cannot be compared with it.

    Raises:
        DataError: the file cannot be written (code file-not-writable).
    """
    record = {"digests": {name: one.digest for name, one in kept.items()}, "counted": counted}
    arrays: dict[str, Any] = {name: np.asarray(one.counts) for name, one in kept.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{_DIGESTS: np.array(json.dumps(record)), **arrays})
    with suppress(OSError):  # whether the folder can be written shows with the file
        path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, buffer.getvalue())


def read_counts(path: Path, *, counted: Mapping[str, str]) -> dict[str, KeptSet]:
    """Read what was counted.

    Args:
        path: file that `write_counts` made.
        counted: how it must have been counted; a file may say nothing of the language.

    Raises:
        DataError: the file cannot be read, or was counted otherwise (code bad-value).
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            record = json.loads(str(file[_DIGESTS]))
            digests, own = record["digests"], record["counted"]
            kept = {name: KeptSet(file[name], digests[name]) for name in digests}
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise DataError(
            f"the file must hold counts as `compare-seeds --counts` writes them, got: {error}",
            code="bad-line",
            path=str(path),
        ) from error
    wanted = {name: rule for name, rule in counted.items() if name != LANGUAGE or name in own}
    if own != wanted:
        raise DataError(f"counts must be of {wanted}, got {own}", code="bad-value", path=str(path))
    return kept
