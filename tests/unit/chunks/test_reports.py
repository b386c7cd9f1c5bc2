"""A report is what it was, or the chunk is not done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.chunks.reports import (
    ChunkReport,
    FailedPair,
    read_report,
    report_of,
    report_path,
    write_report,
)
from core.errors import StoreError

REPORT = ChunkReport(
    number=3,
    digest="abc",
    pairs=2,
    entities=1,
    failed=(FailedPair("s1", "align", "bad-value", "مدينة must be, got 🇩🇪"),),
    seconds={"match": 0.25},
)


def test_a_report_is_read_back(tmp_path: Path) -> None:
    write_report(tmp_path, REPORT)
    assert read_report(tmp_path, 3) == REPORT
    assert read_report(tmp_path, 4) is None
    assert "مدينة" in report_path(tmp_path, 3).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", "null", '{"failed": []}', '{"failed": [{"id": "x"}]}', "\udcff"],
)
def test_what_nobody_can_read_is_no_report(tmp_path: Path, content: str) -> None:
    report_path(tmp_path, 3).write_bytes(content.encode("utf-8", "surrogateescape"))
    assert read_report(tmp_path, 3) is None


@pytest.mark.parametrize("key", ["digest", "pairs", "failed", "seconds"])
def test_a_report_that_lacks_something_is_none(tmp_path: Path, key: str) -> None:
    write_report(tmp_path, REPORT)
    found = json.loads(report_path(tmp_path, 3).read_text())
    assert report_of(dict(found)) == REPORT
    del found[key]
    report_path(tmp_path, 3).write_text(json.dumps(found))
    assert read_report(tmp_path, 3) is None


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"000003\.json") as caught:
        write_report(tmp_path / "gone", REPORT)
    assert caught.value.code == "store-unreachable"
