"""Translations and labels of chunks, kept by content for the next method on the same sentences."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from core import __version__
from core.chunks.files import Chunk, pairs_of, replace_file
from core.config import RunConfig
from core.encoders.bundled import cache_folder
from core.errors import StoreError
from core.packing import pack
from core.types import SentencePair


class PreparedCache:
    """Pairs after the stages that make their source, in the user's cache folder.

    What stands under a key is named by a hash of the program's version, the stages, and the pairs
    that went in, so nothing in it goes stale, and all of it may be deleted at any time.

    Args:
        folder: None takes the usual one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache_folder() / "prepared"

    def get(self, config: RunConfig, pairs: Sequence[SentencePair]) -> list[SentencePair] | None:
        """Return what was made of these pairs before; None where nothing was."""
        path = self._path(config, pairs)
        if path is None:
            return None
        with suppress(OSError, StoreError):
            return list(pairs_of(path.read_bytes()))
        return None

    def put(
        self, config: RunConfig, pairs: Sequence[SentencePair], ready: Sequence[SentencePair]
    ) -> None:
        """Keep what was made of pairs; where there is no room, nothing is kept."""
        path = self._path(config, pairs)
        if path is not None:
            with suppress(OSError, StoreError):
                path.parent.mkdir(parents=True, exist_ok=True)
                replace_file(path, pack(Chunk(tuple(ready))))

    def _path(self, config: RunConfig, pairs: Sequence[SentencePair]) -> Path | None:
        """Return where the result is; None where the configuration makes nothing anew."""
        stages = (config.translator, config.labeller)
        if stages == (None, None):
            return None
        parts = "\0".join([__version__, *map(str, stages)])
        digest = sha256(parts.encode() + b"\0" + pack(Chunk(tuple(pairs)))).hexdigest()
        return self.folder / digest[:2] / f"{digest}.pairs"
