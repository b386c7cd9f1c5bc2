"""The chunks on a pool of workers through Ray Data, on this machine or on a cluster.

Paper: Moritz et al. 2018, Ray, arXiv:1712.05889; Luan et al. 2025, Ray Data, arXiv:2501.12407.
Departs: none. A worker holds its models from chunk to chunk; one that dies is replaced, and its
chunk done again. Nothing but chunk numbers and reports goes through Ray: the corpus and the shards
are in the output folder, which every machine must see.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.chunks.files import usable
from core.chunks.reports import ChunkReport, report_of
from core.chunks.work import ChunkWorker, Work
from core.engine import ENGINES
from core.errors import BackendError, ConfigError, DataError, SpanbridgeError, StoreError

_ROOT = Path(__file__).parents[2]
# What a cluster needs of this folder is the program with its assets.
_LEFT_BEHIND = [".git", ".venv", "docs", "tests", "shared"]
# Chunk numbers and reports are all it holds.
_OBJECT_STORE_BYTES = 128 << 20
# Ray replaces a worker for ever; a chunk that no worker survives must end the run.
_MOST_ATTEMPTS = 4
# Reports of use stay here.
_SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    # Workers are what was asked for, not something beside it.
    "RAY_worker_niceness": "0",
}
_KINDS = {one.__name__: one for one in (BackendError, ConfigError, DataError, StoreError)}


@dataclass(frozen=True)
class Ray:
    """A pool of workers, each with its own models."""

    requires: ClassVar[tuple[str, ...]] = ("ray",)

    workers: Annotated[
        int, Field(ge=1, description="processes that project, each with all models in memory")
    ] = 2
    address: Annotated[
        str,
        Field(
            description="a running cluster, such as ray://HOST:10001 or auto; empty: this machine"
        ),
    ] = ""
    cpus: Annotated[float, Field(gt=0, description="processor cores of each worker")] = 1.0
    gpus: Annotated[
        float | None,
        Field(ge=0, description="GPUs of each worker; empty: one, where the cluster has any"),
    ] = None

    def run(
        self,
        work: Work,
        numbers: Sequence[int],
        *,
        should_stop: Callable[[], bool],
    ) -> Iterator[ChunkReport]:
        """Do chunks in whatever order they are done."""
        ChunkWorker(work)  # so that a choice that cannot work is told before anything is started
        shutil.rmtree(_attempts(work), ignore_errors=True)
        with self._connected() as ray:
            for row in self._reports(ray, work, numbers):
                yield _report(row)
                if should_stop():
                    return

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        """Start Ray here, or join a cluster; what was started ends with the block.

        Raises:
            BackendError: the cluster cannot be reached (code cluster-unreachable).
        """
        for name, value in _SETTINGS.items():
            os.environ.setdefault(name, value)
        import ray

        logging.getLogger("ray").setLevel(logging.ERROR)
        quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
        here: dict[str, Any] = {
            "include_dashboard": False,
            "object_store_memory": _OBJECT_STORE_BYTES,
        }
        away: dict[str, Any] = {
            "runtime_env": {"working_dir": str(_ROOT), "excludes": _LEFT_BEHIND}
        }
        try:
            if self.address:
                ray.init(address=self.address, **away, **quiet)
            else:
                ray.init(address="local", num_cpus=self._cpus_here(), **here, **quiet)
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            raise BackendError(
                f"Ray must be reached at {self.address or 'this machine'}, got: {error}",
                code="cluster-unreachable",
                hint="ray start --head on the cluster, or leave --ray-address out",
            ) from error
        try:
            yield ray
        finally:
            ray.shutdown()

    def _cpus_here(self) -> int:
        return max(os.cpu_count() or 1, round(self.workers * self.cpus))

    def _reports(self, ray: Any, work: Work, numbers: Sequence[int]) -> Iterator[Mapping[str, Any]]:
        from ray.data import ActorPoolStrategy, DataContext, from_items

        logging.getLogger("ray.data").setLevel(logging.ERROR)  # importing it has set it lower
        context = DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        gpus = self.gpus
        if gpus is None:
            gpus = 1.0 if ray.cluster_resources().get("GPU", 0) else 0.0
        told = json.dumps(asdict(work))
        rows = [{"number": number, "work": told} for number in numbers]
        most = min(self.workers, len(rows))
        done = from_items(rows, override_num_blocks=len(rows)).map_batches(
            _Chunks,
            batch_size=1,
            compute=ActorPoolStrategy(min_size=1, max_size=most, initial_size=most),
            num_cpus=self.cpus,
            num_gpus=gpus,
        )
        yield from done.iter_rows()


class _Chunks:
    """A worker as Ray Data calls it: batches of columns in and out."""

    def __init__(self) -> None:
        self.worker: ChunkWorker | None = None

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[str]]:
        told = zip(batch["number"], batch["work"], strict=True)
        return {"report": [self._do(int(number), str(work)) for number, work in told]}

    def _do(self, number: int, work: str) -> str:
        try:
            if self.worker is None:
                self.worker = ChunkWorker(Work(**json.loads(work)))
            _begin(self.worker.work, number)
            return json.dumps(asdict(self.worker(number)), ensure_ascii=False)
        except SpanbridgeError as error:  # an exception would come back in Ray's own wrapping
            told = {"message": error.message, "code": error.code, "hint": error.hint}
            kind = type(error).__name__
            return json.dumps({"error": told, "kind": kind}, ensure_ascii=False)


def _attempts(work: Work) -> Path:
    return work.chunks.folder.parent / "attempts"


def _begin(work: Work, number: int) -> None:
    """Take note that a chunk is begun.

    Raises:
        BackendError: too many workers that had begun it are dead (code no-room).
        StoreError: the output folder cannot be written.
    """
    path = _attempts(work) / f"{number:06d}"
    with usable(path):
        path.parent.mkdir(exist_ok=True)
        before = path.stat().st_size if path.exists() else 0
        with path.open("ab") as file:
            file.write(b".")
    if before >= _MOST_ATTEMPTS:
        raise BackendError(
            f"a worker must live as long as its chunk takes; {before} have died of chunk {number}",
            code="no-room",
            hint="most likely memory ran out: fewer --workers, or a smaller --chunk",
        )


def _report(row: Mapping[str, Any]) -> ChunkReport:
    found = json.loads(row["report"])
    if "error" in found:
        raise _KINDS[found["kind"]](**found["error"])
    return report_of(found)


ENGINES.register(Ray)
