"""Detached runs: long commands that outlive whoever started them.

A runs folder holds one folder a run, and nothing else is needed to know what a run does:

    job.json        what was asked for; never changes
    state.json      what became of it, which process it is, and how it ended
    heartbeat.json  when the command last said that it lives, and how far it is
    metrics.jsonl   one object a line, only ever added to
    log.txt         what the command printed
    artefacts/      what it made, with its checkpoints, and in the end what it found (result.json)

A run is a small process that waits (`core.jobs.supervise`) and, in the same process group, the
command. It is known by its process id *and* when that process started: ids are used again.
"""

from __future__ import annotations

from core.jobs.comparing import compare
from core.jobs.context import JobContext
from core.jobs.folder import create, find, list_runs, runs_folder
from core.jobs.inputs import keep_input
from core.jobs.queue import reconcile, resume, start, stop
from core.jobs.records import STATES, Needs, Plan, Run, State, Status
from core.jobs.room import free_memory
from core.jobs.watch import (
    heartbeat_of,
    log_after,
    log_end,
    metrics_after,
    result_of,
    watch,
)

__all__ = [
    "STATES",
    "JobContext",
    "Needs",
    "Plan",
    "Run",
    "State",
    "Status",
    "compare",
    "create",
    "find",
    "free_memory",
    "heartbeat_of",
    "keep_input",
    "list_runs",
    "log_after",
    "log_end",
    "metrics_after",
    "reconcile",
    "result_of",
    "resume",
    "runs_folder",
    "start",
    "stop",
    "watch",
]
