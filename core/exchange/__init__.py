"""Files of other tools: import with a preview, export with a check of what the other tool reads.

An import is looked at before it is taken: which format it is, what is in it, what is wrong and
where. An export is read again before it is given away, with the other tool's own library where
there is one, and every entity that it sees differently is listed.
"""

from __future__ import annotations

from core.exchange.export import export_pairs, export_sentences
from core.exchange.limits import MAX_FILE_BYTES, MAX_SENTENCES, MAX_UNPACKED_BYTES
from core.exchange.preview import preview_import, preview_pairs
from core.exchange.values import (
    Exported,
    ImportPreview,
    LeftOut,
    PairPreview,
    SpanChange,
)

__all__ = [
    "MAX_FILE_BYTES",
    "MAX_SENTENCES",
    "MAX_UNPACKED_BYTES",
    "Exported",
    "ImportPreview",
    "LeftOut",
    "PairPreview",
    "SpanChange",
    "export_pairs",
    "export_sentences",
    "preview_import",
    "preview_pairs",
]
