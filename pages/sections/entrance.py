"""Who gets to see a page that shows what others keep: on a server, whoever has logged in."""

from __future__ import annotations

from contextlib import suppress

from core.errors import ConfigError
from core.store.people import Actor, auth_mode
from pages.widgets import tables


def is_open(actor: Actor | None, *, page: str) -> bool:
    """Tell whether somebody may see a page, and say what to do if not.

    Args:
        actor: who is there; None as long as nobody has said.
        page: first part of the key of the message.
    """
    alone = False
    with suppress(ConfigError):  # whoever asked for the name has told of a wrong setting
        alone = auth_mode() == "local"
    if alone or actor is not None:
        return True
    tables.show_texts(["Log in to see this page."], key=f"{page}.log_in", tone="note")
    return False
