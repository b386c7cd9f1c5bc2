"""How large a file may be that is brought in; what is larger is refused, not cut."""

from __future__ import annotations

from core.corpora._limits import MAX_SENTENCES, MAX_UNPACKED_BYTES, too_large

__all__ = ["MAX_FILE_BYTES", "MAX_SENTENCES", "MAX_UNPACKED_BYTES", "too_large"]

MAX_FILE_BYTES = 64 * 2**20
"""Size of a file as it is uploaded; sentences take about twenty times as much memory."""
