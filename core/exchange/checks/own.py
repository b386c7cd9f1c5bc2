"""Our own notations, which no other tool reads: read again with our readers."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from core import __version__
from core.corpora import FORMATS
from core.exchange.checks import Reread, Unit, WrittenFile, expected


def reread(file: WrittenFile) -> Reread:
    """Read the file again; what splits its words anew is compared by characters."""
    form = FORMATS.create(file.name, file.parameters)
    unit: Unit = "words" if "words" in form.keeps else "characters"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        path.write_bytes(file.content)
        sentences = form.read(path, file.language)
    seen = tuple(expected(sentence, unit) for sentence in sentences)
    return Reread(seen, unit, f"Spanbridge {__version__}")
