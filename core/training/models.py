"""Models that learn: a base with a new head, an adapter inside it or not, and how it is written."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from core.encoders.loading import (
    adapter_errors,
    base_folder,
    fast_tokenizer,
    model_errors,
    model_place,
    read_description,
)
from core.encoders.quiet import quiet
from core.encoders.tagger import DESCRIPTION_FILE, tags_of
from core.errors import BackendError, ConfigError
from core.jobs._whole import replacing, told
from core.training.recipe import Recipe

if TYPE_CHECKING:
    import torch

_SAVING = ".saving-"
Head = Literal["tokens", "answers"]
Taken = TypeVar("Taken")

_CLASSES: Final = {
    "tokens": ("AutoModelForTokenClassification", "TOKEN_CLS"),
    "answers": ("AutoModelForQuestionAnswering", "QUESTION_ANS"),
}
_HEADS = ("classifier", "qa_outputs", "score")  # what the families call the layer on top
# Every dense layer of a BERT block; these families name them alike.
_BERT_LIKE = frozenset({"bert", "roberta", "xlm-roberta", "camembert", "electra"})
_ADAPTED = (
    "query",
    "key",
    "value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
_ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")


def whole_base(base: str) -> str:
    """Return the model with all its weights that a base is or, as an adapter, was made for.

    Raises:
        BackendError: the adapter's description cannot be read (code model-unusable).
    """
    found = _from_adapter(base, lambda described: str(described["base_model_name_or_path"]))
    return model_place(base) if found is None else found


def adapter_rank(base: str) -> int | None:
    """Return the rank of the adapter that a base is; None where it is none, or has no rank.

    Raises:
        BackendError: its description cannot be read (code model-unusable).
    """
    return _from_adapter(
        base, lambda described: None if described.get("r") is None else int(described["r"])
    )


def _from_adapter(base: str, take: Callable[[Any], Taken]) -> Taken | None:
    """Take something out of what a base says as an adapter; None where it is none."""
    path = Path(model_place(base)) / _ADAPTER_FILES[0]
    return read_description(base, path, take) if path.is_file() else None


def base_tags(base: str) -> tuple[str, ...]:
    """Return the tags that a base was trained for; empty for one that `train` has not made.

    Raises:
        BackendError: its description cannot be read (code model-unusable).
    """
    path = Path(model_place(base)) / DESCRIPTION_FILE
    return read_description(base, path, tags_of) if path.is_file() else ()


def load_tokenizer(base: str) -> Any:
    """Load a base model's tokenizer.

    Raises:
        BackendError: no such model, or one without a fast tokenizer.
    """
    with model_errors(base), quiet():
        return fast_tokenizer(base_folder(whole_base(base)))


def new_model(
    recipe: Recipe, head: Head, options: Mapping[str, Any], *, seed: int, keeps_head: bool = True
) -> Any:
    """Load the base, with a head, and with an adapter where the recipe wants one.

    A base that was trained for the same labels keeps its head, and an adapter goes on learning, or
    is merged where all weights learn; any other base gets a new head.

    Args:
        recipe: says which base, and what learns.
        head: what it predicts.
        options: of the configuration, such as the names of the labels.
        seed: of the new weights.
        keeps_head: else the head is new whatever the base is: models that learn together from one
            base would be one model twice.

    Raises:
        BackendError: no such model, or one whose head cannot be made anew.
        ConfigError: the base is an adapter for other labels or another task (code bad-value).
    """
    import torch
    import transformers

    class_name, task = _CLASSES[head]
    whole = whole_base(recipe.base)
    torch.manual_seed(seed)
    with model_errors(recipe.base), quiet():
        model = getattr(transformers, class_name).from_pretrained(
            base_folder(whole), dtype=torch.float32, ignore_mismatched_sizes=True, **options
        )
    is_adapter = whole != model_place(recipe.base)
    if is_adapter:
        model = _going_on(model, recipe, head, options)
    if not keeps_head or not (is_adapter or _has_labels(whole, head, options)):
        torch.manual_seed(seed)  # whatever was drawn while the base was loaded
        _renew_head(model)
    if recipe.is_full:
        if recipe.freeze_embeddings:
            model.get_input_embeddings().weight.requires_grad_(False)
        return model
    return model if is_adapter else _with_adapter(model, recipe, task)


def _renew_head(model: Any) -> None:
    """Draw the head's weights anew: those that learn, where an adapter keeps the old ones too."""
    inside = model.get_base_model() if hasattr(model, "get_base_model") else model
    for head in (getattr(inside, name, None) for name in _HEADS):
        if head is not None:
            learning = getattr(head, "modules_to_save", None)
            (head if learning is None else learning["default"]).reset_parameters()
            return
    raise BackendError(
        f"a model must have a head called {', '.join(_HEADS)}, got {type(inside).__name__}",
        code="model-unusable",
    )


def _has_labels(base: str, head: Head, options: Mapping[str, Any]) -> bool:
    """Tell whether the head that a base may have been loaded with is for these labels."""
    from transformers import AutoConfig

    if head != "tokens":
        return True
    config: Any = AutoConfig.from_pretrained(base_folder(base))
    if "ForTokenClassification" not in "".join(config.architectures or ()):
        return True  # it had none, and was given a new one
    same_size = config.num_labels == options["num_labels"]
    return not same_size or dict(config.id2label) == dict(options["id2label"])


def _going_on(model: Any, recipe: Recipe, head: Head, options: Mapping[str, Any]) -> Any:
    """Give a model the adapter that the base is, to learn on or merged into it.

    Its rank is that of the base; the dropout inside is the recipe's.
    """
    from peft import PeftConfig, PeftModel

    folder = Path(model_place(recipe.base))
    wanted = tuple(options["label2id"]) if head == "tokens" else ()
    found = base_tags(recipe.base)
    if found != wanted:
        raise ConfigError(
            f"an adapter that goes on learning must be for the same labels, got {folder} for "
            f"{_listed(found)}, and data with {_listed(wanted)}",
            code="bad-value",
            hint="choose data with these classes, or start from the model it was made for",
        )
    with adapter_errors(recipe.base), quiet():
        config = PeftConfig.from_pretrained(str(folder))
        config.lora_dropout = recipe.dropout
        adapted = PeftModel.from_pretrained(
            model, str(folder), is_trainable=not recipe.is_full, config=config
        )
        return adapted.merge_and_unload().requires_grad_(True) if recipe.is_full else adapted


def _listed(tags: Sequence[str]) -> str:
    return ", ".join(tags) or "answers to questions"


def _with_adapter(model: Any, recipe: Recipe, task: str) -> Any:
    from peft import LoraConfig, get_peft_model

    known = model.config.model_type in _BERT_LIKE
    adapter = LoraConfig(
        task_type=task,
        r=recipe.rank,
        lora_alpha=2 * recipe.rank,
        lora_dropout=recipe.dropout,
        target_modules=list(_ADAPTED) if known else "all-linear",
    )
    with quiet():
        return get_peft_model(model, adapter)


def learning_weights(models: Sequence[Any]) -> dict[str, torch.nn.Parameter]:
    """Return the weights that learn, by name, those of several models apart."""
    return {
        f"{number}.{name}": weight
        for number, model in enumerate(models)
        for name, weight in model.named_parameters()
        if weight.requires_grad
    }


def save_model(
    model: Any, tokenizer: Any, folder: Path, recipe: Recipe, described: tuple[str, Any]
) -> None:
    """Write a model so that the loaders take it, each file whole or not at all.

    An adapter is written in half precision and its base named but not included; a whole model is
    written with its tokenizer.

    Args:
        model: what was trained.
        tokenizer: its own.
        folder: made where it is missing; other files in it stay.
        recipe: that it was trained by.
        described: name and content of the file that tells what the model is.

    Raises:
        StoreError: it cannot be written.
    """
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_SAVING}*"):  # by one that was killed
            shutil.rmtree(left, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix=_SAVING, dir=folder))
        try:
            if recipe.is_full:
                _write_whole(model, tokenizer, made)
            else:
                _write_adapter(model, made, whole_base(recipe.base))
            name, content = described
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            (made / name).write_text(text, encoding="utf-8")
            for path in sorted(made.iterdir()):
                with replacing(folder / path.name) as part:
                    path.rename(part)
            if recipe.is_full:  # else an adapter of an earlier training would be taken
                for old in _ADAPTER_FILES:
                    (folder / old).unlink(missing_ok=True)
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _write_whole(model: Any, tokenizer: Any, folder: Path) -> None:
    with quiet():
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)


def _write_adapter(model: Any, folder: Path, base: str) -> None:
    import torch
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    weights = {
        name: tensor.detach().to("cpu", torch.float16).contiguous()
        for name, tensor in get_peft_model_state_dict(model, save_embedding_layers=False).items()
    }
    config = model.peft_config["default"]
    config.base_model_name_or_path = base  # not the folder it was unpacked to on this machine
    config.save_pretrained(str(folder))
    save_file(weights, str(folder / "adapter_model.safetensors"))
