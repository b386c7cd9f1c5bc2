"""Loading models and tokenizers by Hugging Face id or folder, with errors that say what to do."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from core.encoders.cpu import pack_linear_layers
from core.errors import BackendError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


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


def ready(model: Any, device: str) -> Any:
    """Put a model where it will compute (`auto` takes a GPU) and make it fast there."""
    import torch

    place = "cuda" if device == "auto" and torch.cuda.is_available() else device
    model = model.to("cpu" if place == "auto" else place).eval()
    if model.device.type == "cpu":
        pack_linear_layers(model)
    return model
