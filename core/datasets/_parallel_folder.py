"""A folder with one file a language, `en.txt` and `de.conll`, perhaps links, `en-de.pharaoh`."""

from __future__ import annotations

from pathlib import Path

from core.errors import DataError


def files_in_folder(folder: Path, source: str, target: str) -> dict[str, str]:
    """Find the files of a language pair in a folder.

    Args:
        folder: holds a file named after each language, with any ending.
        source: language to project from.
        target: language to project onto.

    Returns:
        Parameters for the corpus `files`: `source_file`, `target_file`, and `links_file` where the
        folder has one named `SOURCE-TARGET`.

    Raises:
        DataError: no file is named after a language (code missing-corpus), or several are.
    """
    found = {
        "source_file": _only(folder, source, needed=True),
        "target_file": _only(folder, target, needed=True),
        "links_file": _only(folder, f"{source}-{target}", needed=False),
    }
    return {key: str(path) for key, path in found.items() if path is not None}


def _only(folder: Path, name: str, *, needed: bool) -> Path | None:
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.stem == name)
    if len(files) == 1 or not (files or needed):
        return files[0] if files else None
    listing = ", ".join(path.name for path in files) or "none"
    raise DataError(
        f"the folder must have one file named {name}, such as {name}.txt, got {listing}",
        code="missing-corpus",
        path=str(folder),
    )
