"""Methods that people save: everybody gets to choose them, so that on a server not all may."""

from __future__ import annotations

from pathlib import Path

from core.config import RunConfig
from core.methods import save_method
from core.store.people import Actor, require_on_server


def keep_method(actor: Actor | None, config: RunConfig, name: str, description: str) -> Path:
    """Save a method under a name, in place of one that was saved under it.

    Args:
        actor: who does it; None as long as nobody has said.
        config: the method.
        name: of the method.
        description: what it is for.

    Raises:
        StoreError: on a server, only reviewers may (code not-allowed).
        ConfigError: the name is taken by a built-in method or cannot be a file's (bad-value).
        DataError: the file cannot be written (code file-not-writable).
    """
    require_on_server(actor, "reviewer", "save a method")
    return save_method(config, name, description)
