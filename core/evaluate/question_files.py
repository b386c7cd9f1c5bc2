"""Test files of questions that can be named: those of MLQA and XQuAD in the data folders.

Paper: Lewis et al. 2020, MLQA, arXiv:1910.07475; Artetxe et al. 2020, XQuAD, arXiv:1910.11856.
Departs: none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from core.datasets import SOURCES, data_folders
from core.errors import DataError
from core.questions.pairings import Pairing, pairings_in

_XQUAD = re.compile(r"xquad\.(\w+)\.json")


def question_corpora() -> dict[str, tuple[Pairing, ...]]:
    """Return the test files of each corpus in the data folders, sorted by language.

    Returns:
        `mlqa/test`, `mlqa/dev` and `xquad`, as far as they have files.
    """
    found = {f"mlqa/{split}": _mlqa(_folder("mlqa"), split) for split in ("test", "dev")}
    found["xquad"] = _xquad(_folder("xquad"))
    return {name: tuple(pairings) for name, pairings in found.items() if pairings}


def _folder(corpus: str) -> Path | None:
    folders = (root / SOURCES[corpus].folder for root in data_folders())
    return next((folder for folder in folders if folder.is_dir()), None)


def _mlqa(folder: Path | None, split: str) -> Sequence[Pairing]:
    if folder is None:
        return ()
    try:
        return pairings_in(folder, split=split)
    except DataError:  # the folder has the other split alone
        return ()


def _xquad(folder: Path | None) -> Sequence[Pairing]:
    files = () if folder is None else sorted(folder.iterdir())
    named = ((_XQUAD.fullmatch(path.name), path) for path in files)
    return [Pairing(name[1], name[1], path) for name, path in named if name]
