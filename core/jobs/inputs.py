"""Files that runs read and that are nobody else's: uploads, and what was taken from a project."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from core.jobs._whole import replacing, told
from core.jobs.folder import runs_folder

INPUTS = "inputs"
_SLUG_LETTERS = 60
_DIGEST_LETTERS = 16


def keep_input(name: str, data: bytes, root: Path | None = None) -> Path:
    """Keep a file in the runs folder, so that runs find it whenever they begin or go on.

    The same content under the same name is kept once; no file there ever changes.

    Args:
        name: of the file; only letters, digits, dots and dashes of it are used, never as a path.
        data: its content.
        root: the runs folder.

    Raises:
        StoreError: the folder cannot be written.
    """
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", Path(name).name).strip("-.")[-_SLUG_LETTERS:]
    folder = (root or runs_folder()) / INPUTS
    path = folder / f"{sha256(data).hexdigest()[:_DIGEST_LETTERS]}-{plain or 'data'}"
    with told(path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            with replacing(path) as part:
                part.write_bytes(data)
    return path
