"""Licences are shown before a corpus is fetched; the data folder remembers what was accepted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from core.datasets._sources import Source
from core.errors import ConfigError, DataError
from core.text.files import write_lines

_FILE = ".accepted-licences.json"


def accepted_licences(root: Path) -> dict[str, dict[str, str]]:
    """Return what was accepted in a data folder, by corpus: `licence` and `accepted`, the time.

    Raises:
        DataError: the file that remembers it cannot be read (code bad-line).
    """
    path = root / _FILE
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _unreadable(path, str(error)) from error
    if not isinstance(found, dict):
        raise _unreadable(path, type(found).__name__)
    return {name: one for name, one in found.items() if isinstance(one, dict)}


def require_accepted(
    name: str,
    source: Source,
    root: Path,
    *,
    accept: bool = False,
    ask: Callable[[str], bool] | None = None,
) -> None:
    """See to it that a corpus's licence is accepted before it is fetched.

    Args:
        name: the corpus.
        source: where it is kept.
        root: the data folder that remembers.
        accept: whether the licence is accepted now.
        ask: puts the question to a person; None where there is nobody to ask.

    Raises:
        ConfigError: it is not accepted; the message names it (code not-allowed).
        DataError: the answer cannot be read or kept.
    """
    known = accepted_licences(root)
    if known.get(name, {}).get("licence") == source.licence:
        return
    told = f"The licence of {name}: {source.licence} (see {source.home})."
    if not accept and not (ask is not None and ask(f"{told} Accept it?")):
        raise ConfigError(
            f"the licence of {name} must be accepted before it is fetched, which is: "
            f"{source.licence}; see {source.home}",
            code="not-allowed",
            hint="add --accept-licence; a copy at hand is taken by --from FOLDER",
        )
    root.mkdir(parents=True, exist_ok=True)
    time = datetime.now(UTC).isoformat(timespec="seconds")
    known[name] = {"licence": source.licence, "accepted": time}
    text = json.dumps(known, ensure_ascii=False, indent=2, sort_keys=True)
    write_lines(root / _FILE, text.split("\n"))


def _unreadable(path: Path, got: str) -> DataError:
    return DataError(
        f"the accepted licences must be one JSON object, got: {got}",
        code="bad-line",
        path=str(path),
        hint="remove the file: licences are asked for again",
    )
