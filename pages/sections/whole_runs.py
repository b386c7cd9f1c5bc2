"""Runs over whole corpora: how fast, where the time goes, what failed, and what came out."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import streamlit as st

from core import jobs
from core.chunks.shards import read_shard, shards_of
from core.jobs import Run
from core.store.people import Actor
from core.text.brackets import to_brackets
from core.types import Sentence
from core.whole_corpus import FAILED, SKIPPED, outcome_of, output_folder
from pages.sections import run_controls
from pages.widgets import state, tables

PAGE = "whole"
CHOSEN = f"{PAGE}.run"
_SHOWN = 10
_MOST_DOWNLOAD_BYTES = 256 << 20
_MINUTE, _HOUR = 60, 3600


def show_runs(actor: Actor | None) -> None:
    """Show one of the runs over whole corpora; looks again by itself while it goes on.

    Args:
        actor: who is there; None as long as nobody has said.
    """
    found = _runs()
    moving = run_controls.is_moving(found)
    look = st.fragment(_look, run_every=run_controls.LOOK_SECONDS if moving else None)
    look(actor, moving=moving)


def _runs() -> list[Run]:
    return [one for one in jobs.reconcile()[::-1] if one.plan.config.get("task") == "project"]


def _look(actor: Actor | None, *, moving: bool) -> None:
    with st.container(), state.error_guard(f"{PAGE}.runs"):
        found = {one.id: one for one in _runs()}
        if moving != run_controls.is_moving(list(found.values())):
            st.rerun()  # begin to look again by itself, or cease
        if not found:
            tables.show_texts(
                ["No corpus has been projected as a whole yet."], key=f"{PAGE}.none", tone="note"
            )
            return
        tables.show_heading("Runs over whole corpora")
        chosen = st.selectbox(
            "Run",
            list(found),
            format_func=lambda one: f"{one}: {found[one].plan.name}" if one in found else one,
            key=CHOSEN,
            persist_state="session",
        )
        run = found.get(chosen or "")
        if run is not None:
            _show_run(actor, run)


def _show_run(actor: Actor | None, run: Run) -> None:
    with st.container(border=True, key=f"{PAGE}.chosen"):
        run_controls.show_state(run, page=PAGE)
        run_controls.show_actions(actor, run, page=PAGE)
        records, _ = jobs.metrics_after(run)
        if records:
            _show_pace(records[-1])
        with st.expander("Log", key=f"{PAGE}.expander.log", expanded=run.state == "failed"):
            # A code block interprets nothing.
            st.code(jobs.log_end(run).text or "nothing yet", language=None, wrap_lines=True)
        folder = output_folder(run.folder / "artefacts")
        if folder.is_dir():
            _show_output(run, folder)


def _show_pace(record: Mapping[str, Any]) -> None:
    """Show how fast it went when it was last looked at, and where the time goes."""
    left = record.get("seconds_left")
    told = [
        f"{record['step']:,} pairs done",
        f"{record['pairs_per_second']:,.1f} pairs a second",
        f"{record['failed']:,.0f} failed",
        *([] if not left else [f"about {_duration(left)} left"]),
    ]
    tables.show_texts([" · ".join(told)], key=f"{PAGE}.pace")
    shares = {
        name.removeprefix("share_"): float(value)
        for name, value in record.items()
        if name.startswith("share_") and value is not None
    }
    rows: list[list[tables.Cell]] = [
        [stage, f"{share:.1%}"] for stage, share in sorted(shares.items(), key=lambda one: -one[1])
    ]
    if not rows:  # no shard is done yet
        return
    tables.show_table(
        ["Stage", "Share of the time"],
        rows,
        caption="Where the time goes; other: loading models, and what no stage accounts for.",
        key=f"{PAGE}.stages",
    )


def _duration(seconds: float) -> str:
    if seconds >= _HOUR:
        return f"{seconds / _HOUR:.1f} h"
    return f"{seconds / _MINUTE:.0f} min" if seconds >= _MINUTE else f"{seconds:.0f} s"


def _show_output(run: Run, folder: Path) -> None:
    shards = shards_of(folder)
    if shards:
        _show_first(shards[0], str(run.plan.config.get("target", "")))
    _show_failures(folder / FAILED)
    _show_skipped(folder)
    if not shards:
        return
    size = sum(path.stat().st_size for path in shards)
    count = "One shard" if len(shards) == 1 else f"{len(shards):,} shards"
    told = f"{size / (1 << 20):,.1f} MB" if size >= 1 << 20 else f"{size / (1 << 10):,.1f} KB"
    tables.show_texts([f"{count}, {told}, in {folder}"], key=f"{PAGE}.folder")
    if run.state == "done" and size <= _MOST_DOWNLOAD_BYTES:
        st.download_button(
            "Download the shards",
            lambda: _archive(folder),
            file_name=f"{run.id}.zip",
            mime="application/zip",
            icon=":material/download:",
            key=f"{PAGE}.download.{run.id}",
            on_click="ignore",
        )


def _show_first(shard: Path, language: str) -> None:
    """Show the first sentences of a shard, so that one sees that it is right."""
    sentences = _first(str(shard), shard.stat().st_mtime_ns, language or "und")
    rows: list[list[tables.Cell]] = [[one.id, to_brackets(one)] for one in sentences]
    if rows:
        tables.show_table(
            ["Name", "Sentence"],
            rows,
            caption=f"The first {len(rows)} sentences with their projected entities.",
            key=f"{PAGE}.first",
        )


@st.cache_data(max_entries=32, show_spinner=False)
def _first(shard: str, written: int, language: str) -> list[Sentence]:  # noqa: ARG001 - tells versions apart
    # It is looked at every other second while a run goes on, and does not change.
    return read_shard(Path(shard), language, most=_SHOWN)


def _show_failures(path: Path) -> None:
    found = _first_records(path)
    if found:
        tables.show_table(
            ["Sentence", "Stage", "Why"],
            [[one["id"], one["stage"], one["message"]] for one in found],
            caption=f"The first {len(found)} sentences that failed; all of them: {path}",
            key=f"{PAGE}.failed",
        )


def _show_skipped(folder: Path) -> None:
    """Show how many sentences are in no shard, as they cannot be read, and why."""
    outcome = outcome_of(folder)
    if outcome is not None:
        count = outcome["skipped"]
        few = {0: "No sentence was", 1: "1 sentence was"}
        told = f"{few.get(count, f'{count:,} sentences were')} left out."
        tables.show_texts([told], key=f"{PAGE}.left_out")
    path = folder / SKIPPED
    found = _first_records(path)
    if found:
        tables.show_table(
            ["Place", "Why"],
            [[_place(one), one["reason"]] for one in found],
            caption=f"The first {len(found)} sentences that cannot be read; all of them: {path}",
            key=f"{PAGE}.skipped",
        )


def _place(record: Mapping[str, Any]) -> str:
    line = record["line"]
    return Path(record["path"]).name + ("" if line is None else f":{line}")


def _first_records(path: Path) -> list[dict[str, Any]]:
    # A run that goes on takes away what its earlier part has said.
    with suppress(FileNotFoundError), path.open(encoding="utf-8") as file:
        return [json.loads(line) for line, _ in zip(file, range(_SHOWN), strict=False)]
    return []


def _archive(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if path.is_file():
                archive.write(path, path.name)
    return buffer.getvalue()
