"""Steps of the studies' scripts that a kill may cut short."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "docs" / "studies" / "ner.sh"
TEXT = "Ana\tB-PER\nruns\tO\n\nit\tO\n\nRome\tB-LOC\n\n"


def _with_entities(source: Path, out: Path, path: str) -> int:
    step = re.search(r"^with_entities\(\).*?^}$", SCRIPT.read_text(), re.MULTILINE | re.DOTALL)
    assert step is not None
    words = ["bash", "-c", f'set -euo pipefail\n{step[0]}\nwith_entities "$@"', "step"]
    run = subprocess.run([*words, source, out], env={"PATH": path}, check=False)
    return run.returncode


def test_a_step_that_was_cut_short_leaves_nothing_that_is_taken_later(tmp_path: Path) -> None:
    source, out = tmp_path / "all.iob2", tmp_path / "chosen.iob2"
    source.write_text(TEXT)
    killed = tmp_path / "awk"
    killed.write_text("#!/bin/sh\necho Ana\nkill -9 $$\n")
    killed.chmod(0o755)
    assert _with_entities(source, out, f"{tmp_path}:{os.environ['PATH']}") != 0
    assert not out.exists()
    assert _with_entities(source, out, os.environ["PATH"]) == 0
    assert out.read_text() == "Ana\tB-PER\nruns\tO\n\nRome\tB-LOC\n\n"
