"""What is known of a chunk that is done: the file beside its shard, which is written last."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.chunks.files import replace_file


@dataclass(frozen=True, slots=True)
class FailedPair:
    """A pair that could not be projected, and why."""

    id: str
    stage: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ChunkReport:
    """What came out of a chunk.

    Attributes:
        number: which chunk.
        digest: of its pairs, the configuration and the files it names, the form and the program:
            equal digests mean equal shards.
        pairs: how many it has.
        entities: projected in all of them.
        failed: those that could not be projected.
        seconds: what each stage took.
    """

    number: int
    digest: str
    pairs: int
    entities: int
    failed: tuple[FailedPair, ...]
    seconds: Mapping[str, float]


def report_path(folder: Path, number: int) -> Path:
    """Return where the report of a chunk is."""
    return folder / f"{number:06d}.json"


def write_report(folder: Path, report: ChunkReport) -> None:
    """Say that a chunk is done.

    Raises:
        StoreError: the file cannot be written.
    """
    content = json.dumps(asdict(report), ensure_ascii=False, indent=1).encode()
    replace_file(report_path(folder, report.number), content)


def read_report(folder: Path, number: int) -> ChunkReport | None:
    """Return the report of a chunk; None where it is not done, or nobody can read what is there."""
    try:
        return report_of(json.loads(report_path(folder, number).read_bytes()))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def report_of(found: Mapping[str, Any]) -> ChunkReport:
    """Return the report that a JSON object stands for; whatever it lacks is a bug of its writer."""
    failed = tuple(FailedPair(**one) for one in found["failed"])
    return ChunkReport(**{**found, "failed": failed})
