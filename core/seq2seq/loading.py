"""Loading sequence-to-sequence models once a process, in the precision asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from core.encoders.loading import free_memory, model_errors
from core.encoders.quiet import quiet
from core.errors import BackendError, ConfigError
from core.registry import find_missing
from core.seq2seq.model import Seq2seqModel

Precision: TypeAlias = Literal["auto", "float32", "bfloat16", "int8"]
Device: TypeAlias = Literal["auto", "cpu", "cuda"]
_LOADING = threading.Lock()


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model and how it is held in memory.

    Attributes:
        name: Hugging Face id or folder.
        precision: `auto` is bfloat16 on a GPU and float32 on a CPU.
        device: `auto` takes a GPU if there is one.
    """

    name: str
    precision: Precision = "auto"
    device: Device = "auto"


def load_seq2seq(choice: ModelChoice) -> Seq2seqModel:
    """Load a model once a process.

    Raises:
        BackendError: no such model (model-not-found), not one that translates (model-unusable), or
            a package is missing (missing-package).
        ConfigError: a GPU is asked for and there is none (code bad-value).
    """
    with _LOADING:  # two threads that ask at once must not load it twice
        return _load(choice)


def release_seq2seq() -> None:
    """Forget the loaded models, so that the next stage has their memory."""
    _load.cache_clear()
    free_memory()


@lru_cache(maxsize=2)
def _load(choice: ModelChoice) -> Seq2seqModel:
    from transformers import AutoConfig, AutoModelForSeq2SeqLM, AutoTokenizer

    options = _options(choice)
    with model_errors(choice.name), _package_errors(choice.name), quiet():
        config = AutoConfig.from_pretrained(choice.name)
        if not config.is_encoder_decoder:
            raise BackendError(
                f"model {choice.name!r} must be a sequence-to-sequence model, "
                f"got {config.model_type}",
                code="model-unusable",
            )
        tokenizer = AutoTokenizer.from_pretrained(choice.name)
        model = AutoModelForSeq2SeqLM.from_pretrained(choice.name, config=config, **options)
    model.eval()
    # We set the length ourselves. An end forced at the last place would hide that a translation
    # was cut off.
    model.generation_config.max_length = None
    model.generation_config.forced_eos_token_id = None
    return Seq2seqModel(choice.name, model, tokenizer)


def _options(choice: ModelChoice) -> dict[str, Any]:
    """Return the arguments that load the weights straight in their final type and place."""
    import torch

    gpu = torch.cuda.is_available()
    if choice.device == "cuda" and not gpu:
        raise ConfigError(
            "device must be auto or cpu where there is no GPU, got cuda", code="bad-value"
        )
    place = "cuda" if gpu and choice.device != "cpu" else "cpu"
    # Without a device map, the whole model would pass through the main memory first.
    options: dict[str, Any] = {"device_map": place} if place == "cuda" else {}
    if choice.precision == "int8":
        # The 8-bit kernels compute in float16 whatever the type of the rest, and warn at others.
        return {**options, "dtype": torch.float16, "quantization_config": _int8()}
    half = choice.precision == "bfloat16" or (choice.precision == "auto" and place == "cuda")
    return {**options, "dtype": torch.bfloat16 if half else torch.float32}


def _int8() -> Any:
    if find_missing(["bitsandbytes"]):
        raise BackendError(
            "precision int8 needs the package bitsandbytes, which is not installed",
            code="missing-package",
            hint="pip install bitsandbytes, or choose precision=bfloat16",
        )
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(load_in_8bit=True)


@contextmanager
def _package_errors(name: str) -> Iterator[None]:
    """Turn what transformers raises for a missing package into a BackendError."""
    try:
        yield
    except ImportError as error:
        raise BackendError(
            f"model {name!r} needs a package that is not installed: {error}",
            code="missing-package",
            hint="pip install sentencepiece sacremoses",
        ) from error
