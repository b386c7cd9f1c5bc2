"""Translations and labels of chunks, kept by content for the next method on the same sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from core import __version__
from core.chunks.files import Chunk, pairs_of, replace_file
from core.chunks.named_files import files_of_choices
from core.config import RunConfig
from core.encoders.bundled import cache_folder
from core.errors import StoreError
from core.packing import pack
from core.routes import ROUTES
from core.types import SentencePair


class PreparedCache:
    """Pairs after the stages that make their source, in the user's cache folder.

    What stands under a key is named by a hash of the program's version, the stages with the state
    of the files they name, and the pairs that went in, so nothing in it goes stale, and all of it
    may be deleted at any time.

    Args:
        folder: None takes the usual one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache_folder() / "prepared"

    def ready(
        self,
        config: RunConfig,
        pairs: Sequence[SentencePair],
        make: Callable[[], list[SentencePair]],
    ) -> list[SentencePair]:
        """Return what was made of these pairs before; else make it, and keep it if there is room.

        Args:
            config: the method.
            pairs: before the stages.
            make: what the stages do to them.
        """
        # Named before anything is read: a file that changes meanwhile is another one afterwards.
        path = self._path(config, pairs)
        if path is None:
            return make()
        with suppress(OSError, StoreError):
            return list(pairs_of(path.read_bytes()))
        made = make()
        with suppress(OSError, StoreError):
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, pack(Chunk(tuple(made))))
        return made

    def _path(self, config: RunConfig, pairs: Sequence[SentencePair]) -> Path | None:
        """Return where the result is; None where the configuration makes nothing anew."""
        stages = (config.translator, config.labeller)
        if stages == (None, None):
            return None
        files = files_of_choices(filter(None, stages))
        # Such a route gets its pairs without the targets that it makes itself.
        forward = not ROUTES.get(config.route.name).makes_target
        parts = "\0".join([__version__, *map(str, (*stages, forward)), files])
        digest = sha256(parts.encode() + b"\0" + pack(Chunk(tuple(pairs)))).hexdigest()
        return self.folder / digest[:2] / f"{digest}.pairs"
