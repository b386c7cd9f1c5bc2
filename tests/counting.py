"""A command that counts, with checkpoints: what the tests of runs let run."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from core.jobs import JobContext

EVERY = 7
# Ignores being asked to end, in a session of its own if so told, with a child of its own.
RELATIVE = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
folder, depth = sys.argv[1], int(sys.argv[2])
if depth:
    subprocess.Popen([sys.executable, "-c", sys.argv[3], folder, "0", ""], start_new_session=True)
open(os.path.join(folder, f"pid{depth}"), "w").write(str(os.getpid()))
time.sleep(300)
"""


def after(value: str, step: int) -> str:
    return hashlib.sha256(f"{value} {step}".encode()).hexdigest()


def unbroken(total: int) -> str:
    value = ""
    for step in range(1, total + 1):
        value = after(value, step)
    return value


def measured(value: str) -> float:
    return int(value[:8], 16) / 1000


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("total", type=int)
    parser.add_argument("--milliseconds", type=float, default=0)
    parser.add_argument("--slow-attempts", type=int, default=1000)
    parser.add_argument("--family", action="store_true")
    parser.add_argument("--deaf", action="store_true")
    parser.add_argument("--alone", type=Path)
    parser.add_argument("--padding", type=int, default=0)
    parser.add_argument("--fail", type=int, default=0)
    options = parser.parse_args()
    job = JobContext.current()
    assert job is not None
    job.beat_seconds = 0.05
    with job:
        if options.deaf:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if options.family:
            words = [sys.executable, "-c", RELATIVE, str(job.artefacts), "1", RELATIVE]
            subprocess.Popen(words)
            while not all((job.artefacts / f"pid{depth}").exists() for depth in (0, 1)):
                time.sleep(0.01)
        if options.alone:
            os.close(os.open(options.alone, os.O_CREAT | os.O_EXCL))
        count(job, options)
        if options.alone:
            options.alone.unlink()
    return int(options.fail)


def count(job: JobContext, options: argparse.Namespace) -> None:
    kept = job.checkpoints / "count.json"
    step, value = 0, ""
    if job.resuming and kept.exists():
        step, value = json.loads(kept.read_text())
    padding = {"x" * options.padding: 0.0} if options.padding else {}
    slow = job.run.status.attempt <= options.slow_attempts
    while step < options.total and not job.should_stop():
        step += 1
        value = after(value, step)
        job.metrics(step, {"value": measured(value)} | padding)
        job.progress("count", step, options.total)
        if step % EVERY == 0:
            with job.checkpoint("count.json") as part:
                part.write_text(json.dumps([step, value]))
        if slow:
            time.sleep(options.milliseconds / 1000)
    with job.checkpoint("count.json") as part:
        part.write_text(json.dumps([step, value]))
    if step == options.total:
        (job.artefacts / "result").write_text(value)
    print(f"counted to {step}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
