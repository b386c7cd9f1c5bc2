"""Where the data folder is, and what is missing from it."""

from __future__ import annotations

import os
from collections.abc import Iterable
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
    return next(iter(data_folders()), None)


def data_folders() -> tuple[Path, ...]:
    """List the folders that a corpus is looked for in, the first one that has it counting.

    Returns:
        The one that SPANBRIDGE_DATA names, alone; or those of `shared/data` beside the repository
        and the user's own data folder that are there.
    """
    if os.environ.get(VARIABLE):
        return (own_data_folder(),)
    shared = _REPOSITORY.parent / "shared" / "data"
    return tuple(folder for folder in (shared, own_data_folder()) if folder.is_dir())


def own_data_folder() -> Path:
    """Return where fetched corpora go: what SPANBRIDGE_DATA names, or the user's data folder."""
    named = os.environ.get(VARIABLE)
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(named).expanduser() if named else Path(home, "spanbridge", "data")


def find_file(names: Iterable[str]) -> Path | None:
    """Find the first of some files, given relative to the data folders."""
    paths = (folder / name for name in names for folder in data_folders())
    return next((path for path in paths if path.is_file()), None)


def missing_files(files: tuple[str, ...]) -> tuple[str, ...]:
    """Return which files, relative to the data folder, are not there."""
    return tuple(file for file in files if find_file((file,)) is None)


def require_file(*names: str, hint: str = "") -> Path:
    """Return the path of a file in the data folder.

    Args:
        names: path relative to the data folder; several where one of them will do.
        hint: how to get it; empty says how to name the folder that has it.

    Raises:
        DataError: it is not there (code missing-corpus).
    """
    path = find_file(names)
    if path is None:
        folder = data_folder()
        raise DataError(
            f"the corpus must be in the data folder, got no {names[0]}",
            code="missing-corpus",
            path=None if folder is None else str(folder / names[0]),
            hint=hint or f"set {VARIABLE} to the folder that holds it",
        )
    return path
