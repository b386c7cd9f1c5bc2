"""Where the data folder is, and what is missing from it."""

from __future__ import annotations

import os
from pathlib import Path

from core.errors import DataError

VARIABLE = "SPANBRIDGE_DATA"
_REPOSITORY = Path(__file__).parents[2]


def data_folder() -> Path | None:
    """Find the folder that holds the named corpora.

    Returns:
        What the environment variable SPANBRIDGE_DATA names, or `shared/data` beside the repository,
        or the user's own data folder; None where there is none of these.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    shared = _REPOSITORY.parent / "shared" / "data"
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    found = (folder for folder in (shared, Path(home, "spanbridge", "data")) if folder.is_dir())
    return next(found, None)


def missing_files(files: tuple[str, ...]) -> tuple[str, ...]:
    """Return which files, relative to the data folder, are not there."""
    folder = data_folder()
    return tuple(file for file in files if folder is None or not (folder / file).is_file())


def require_file(file: str) -> Path:
    """Return the path of a file in the data folder.

    Args:
        file: path relative to the data folder.

    Raises:
        DataError: it is not there (code missing-corpus).
    """
    folder = data_folder()
    path = None if folder is None else folder / file
    if path is None or not path.is_file():
        raise DataError(
            f"the corpus must be in the data folder, got no {file}",
            code="missing-corpus",
            path=None if path is None else str(path),
            hint=f"set {VARIABLE} to the folder that holds it",
        )
    return path
