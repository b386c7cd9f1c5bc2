"""A training that tests kill: the command itself, in a process forked from one that is ready."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

# What takes seconds to import is imported once; each training is then forked in no time.
READY = [
    "torch",
    "transformers",
    "peft",
    "accelerate",
    "core.commands.train",
    "core.training.answering",
    "transformers.models.bert.modeling_bert",
]


def command(words: list[str], log: str) -> None:
    import torch

    from core.cli import main

    torch.set_num_threads(1)
    with Path(log).open("a", encoding="utf-8") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
        sys.exit(main([*words, "--json"]))


def wait_until_ready() -> None:
    multiprocessing.get_context("forkserver").set_forkserver_preload(READY)
    _fork(os.getpid).join()


def begin(words: list[str], log: Path) -> ForkServerProcess:
    return _fork(command, words, str(log))


def _fork(target: Callable[..., Any], *args: Any) -> ForkServerProcess:
    process = multiprocessing.get_context("forkserver").Process(target=target, args=args)
    # A fork runs the main module's file again; Streamlit's AppTest leaves a page's script there.
    with patch.dict(sys.modules, {"__main__": ModuleType("__main__")}):
        process.start()
    return process
