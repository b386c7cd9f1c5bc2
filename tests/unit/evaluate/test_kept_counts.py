"""Counts without text: what runs are compared by long after."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import DataError
from core.evaluate.kept import KeptSet
from core.evaluate.kept_counts import read_counts, write_counts

COUNTED = {"metric": "strict", "labels": "PER"}
KEPT = {
    "es": KeptSet(np.array([[1, 2, 2], [0, 0, 0]]), "a"),
    "es.typos": KeptSet(np.array([[0.5, 1.0, 1.0]]), "b-c"),
}


def test_counts_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "plain-1.npz"
    write_counts(path, KEPT, counted=COUNTED)
    found = read_counts(path, counted=COUNTED)
    assert list(found) == list(KEPT)
    for name, one in found.items():
        assert one.digest == KEPT[name].digest
        np.testing.assert_array_equal(one.counts, KEPT[name].counts)


def test_runs_counted_otherwise_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "plain-1.npz"
    write_counts(path, KEPT, counted=COUNTED)
    with pytest.raises(DataError, match="counts must be of") as caught:
        read_counts(path, counted={**COUNTED, "labels": "all"})
    assert caught.value.path == str(path)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plain-1.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="must hold counts"):
        read_counts(path, counted=COUNTED)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DataError, match="must be writable"):
        write_counts(tmp_path / "file" / "plain-1.npz", KEPT, counted=COUNTED)
