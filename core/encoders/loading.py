"""Loading models and tokenizers by Hugging Face id or folder, with errors that say what to do."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from core.encoders import bundled
from core.encoders.coarse import coarsen_linear_layers
from core.encoders.cpu import pack_linear_layers
from core.errors import BackendError, ConfigError
from core.jobs.folder import ARTEFACTS, find

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Precision = Literal["full", "int8"]
Description = TypeVar("Description")

_OF_RUN = "run:"
_ANEW = "train it anew, or copy the file from where it was trained"


@contextmanager
def model_errors(name: str) -> Iterator[None]:
    """Turn what transformers raises for a missing or unreadable model into a BackendError.

    Args:
        name: what the user called the model.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        raise BackendError(
            f"model {name!r} must be a Hugging Face id or a model folder, got: {error}",
            code="model-not-found",
            hint="check the name and the network, or choose one that is bundled",
        ) from error


@contextmanager
def adapter_errors(name: str) -> Iterator[None]:
    """Turn what peft raises for a damaged adapter, or one of another base, into a BackendError.

    Args:
        name: what the user called the adapter.
    """
    try:
        yield
    except (OSError, KeyError, RuntimeError, TypeError, ValueError) as error:
        raise BackendError(
            f"model {name!r} must be an adapter that fits its base, got {error!r}",
            code="model-unusable",
            hint=_ANEW,
        ) from error


def base_folder(base: str) -> str:
    """Return where a base model is: `bundled` is unpacked first.

    Raises:
        BackendError: the bundled model cannot be unpacked.
    """
    return str(bundled.unpack()) if base == "bundled" else base


def model_place(name: str) -> str:
    """Return where a model is: `run:RUN`, by id, number or name, is what that run has made.

    Raises:
        BackendError: no such run, or it has made no model (code model-not-found).
    """
    if not name.startswith(_OF_RUN):
        return name
    try:
        folder = find(name.removeprefix(_OF_RUN)).folder / ARTEFACTS / "model"
    except ConfigError as error:
        raise BackendError(
            f"model {name!r} must be of a run that is here: {error}",
            code="model-not-found",
            hint="python -m core runs list",
        ) from error
    if not folder.is_dir():
        raise BackendError(
            f"model {name!r} must have been made by its run, got no {folder}",
            code="model-not-found",
            hint="wait until the run is done",
        )
    return str(folder)


def read_description(name: str, path: Path, take: Callable[[Any], Description]) -> Description:
    """Read what training wrote about a model beside it.

    Args:
        name: what the user called the model.
        path: a JSON file.
        take: takes what is wanted out of the file's content.

    Raises:
        BackendError: the file is damaged, or lacks what is wanted (code model-unusable).
    """
    try:
        return take(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise BackendError(
            f"model {name!r} must be described in {path}, got {error!r}",
            code="model-unusable",
            hint=_ANEW,
        ) from error


def fast_tokenizer(folder: str) -> PreTrainedTokenizerBase:
    """Load a tokenizer that maps subwords to words.

    Raises:
        BackendError: the model has only a slow tokenizer (code model-unusable).
    """
    from transformers import AutoTokenizer

    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder, use_fast=True)
    if not tokenizer.is_fast:
        raise BackendError(
            f"model {folder!r} must have a fast tokenizer, which maps subwords to words",
            code="model-unusable",
        )
    return tokenizer


def free_memory() -> None:
    """Give back the memory of models that nothing holds any more."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def ready(model: Any, device: str, precision: Precision = "full") -> Any:
    """Put a model where it will compute (`auto` takes a GPU) and make it fast there.

    Raises:
        ConfigError: this precision cannot be had there (code bad-value).
    """
    import torch

    place = "cuda" if device == "auto" and torch.cuda.is_available() else device
    model = model.to("cpu" if place == "auto" else place).eval()
    if precision == "int8":
        coarsen_linear_layers(model)
    if model.device.type == "cpu":
        pack_linear_layers(model)
    return model
