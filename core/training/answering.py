"""Answer questions with a trained model: the best stretches of a context, with their places.

Paper: Devlin et al. 2019, BERT, arXiv:1810.04805, §4.2: the score of a stretch is that of its start
plus that of its end.
Departs: scores are log-probabilities within a window, so that a window that says it has no answer
does not win over one that has; every legal stretch is looked at, not those of the best ends alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.encoders.loading import (
    adapter_errors,
    base_folder,
    fast_tokenizer,
    model_errors,
    model_place,
    read_description,
    ready,
)
from core.encoders.quiet import quiet
from core.errors import BackendError
from core.questions import Context, all_questions
from core.training.qa import ANSWERER_FILE, CONTEXT, Window, Windows, make_windows, model_inputs

Progress = Callable[[int, int], None]
"""Called with (done, total) windows."""

_BATCH_SUBWORDS = 4096
_LONGEST_ANSWER = 30  # subwords, as in the released code of BERT


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that a model proposes.

    Attributes:
        text: as it stands in the context.
        char_start: where it begins there.
        score: log-probability of its start plus that of its end, ≤ 0.
    """

    text: str
    char_start: int
    score: float


@dataclass(frozen=True)
class Answerer:
    """A model that answers, its tokenizer, and how it reads."""

    model: Any
    tokenizer: Any
    windows: Windows

    def answer(
        self, contexts: Sequence[Context], *, progress: Progress | None = None
    ) -> dict[str, str]:
        """Answer every question.

        Returns:
            Question id → text, as `core.evaluate.qa` takes it; empty where the context has no
            subword.
        """
        found = self.best(contexts, count=1, progress=progress)
        return {name: answers[0].text if answers else "" for name, answers in found.items()}

    def best(
        self, contexts: Sequence[Context], *, count: int = 5, progress: Progress | None = None
    ) -> dict[str, list[Answered]]:
        """Return the best answers to every question, best first, each text once.

        Args:
            contexts: with questions; gold answers are not looked at.
            count: answers a question at most.
            progress: called after each batch.
        """
        windows = make_windows(contexts, self.tokenizer, self.windows, with_answers=False)
        texts = [context.text for context in contexts for _ in context.questions]
        proposed: list[list[Answered]] = [[] for _ in texts]
        done = 0
        for batch in _batches(windows):
            for window, scores in zip(batch, self._scores(batch), strict=True):
                text = texts[window.question]
                proposed[window.question] += _stretches(window, scores, text, count)
            done += len(batch)
            if progress is not None:
                progress(done, len(windows))
        names = [question.id for question in all_questions(contexts)]
        chosen = [_distinct(each, count) for each in proposed]
        return dict(zip(names, chosen, strict=True))

    def _scores(self, batch: Sequence[Window]) -> list[NDArray[np.float64]]:
        """Return log-probabilities of starts and ends. Shape of each: (2, subword)."""
        import torch

        inputs = model_inputs(batch, self.tokenizer)
        device = self.model.device
        with torch.inference_mode():
            output = self.model(**{name: value.to(device) for name, value in inputs.items()})
        both = torch.stack([output.start_logits, output.end_logits], dim=1).double()
        both = both.masked_fill(inputs["attention_mask"].to(device)[:, None] == 0, -torch.inf)
        table = both.log_softmax(-1).cpu().numpy()
        return [table[number, :, : len(one.ids)] for number, one in enumerate(batch)]


@lru_cache(maxsize=2)
def load_answerer(name: str, device: str = "auto") -> Answerer:
    """Load a model that `core.training.qa` made, or any other that answers questions.

    Args:
        name: a folder, `run:RUN` or a Hugging Face id.
        device: `auto`, `cpu` or `cuda`.

    Raises:
        BackendError: no such model, or not one that answers (model-not-found, model-unusable).
    """
    from transformers import AutoModelForQuestionAnswering

    place = model_place(name)
    folder = Path(place)
    described = _description(name, folder)
    is_adapter = (folder / "adapter_config.json").is_file()
    if is_adapter and described is None:
        raise BackendError(
            f"model {name!r} must be one that answers questions, got an adapter without "
            f"{ANSWERER_FILE}",
            code="model-unusable",
        )
    whole, windows = described or (place, Windows())
    base = base_folder(whole) if is_adapter else place
    with model_errors(name), quiet():
        model = AutoModelForQuestionAnswering.from_pretrained(base)
        if is_adapter:
            from peft import PeftModel

            with adapter_errors(name):
                model = PeftModel.from_pretrained(model, place).merge_and_unload()
        tokenizer = fast_tokenizer(base)
    return Answerer(ready(model, device), tokenizer, windows)


def _description(name: str, folder: Path) -> tuple[str, Windows] | None:
    """Return the base and the windows of a model that `train` has made; None for any other."""
    path = folder / ANSWERER_FILE
    if not path.is_file():
        return None
    return read_description(name, path, _base_and_windows)


def _base_and_windows(described: Mapping[str, Any]) -> tuple[str, Windows]:
    sizes = {one.name: int(described[one.name]) for one in fields(Windows)}
    return str(described["base"]), Windows(**sizes)


def _batches(windows: Sequence[Window]) -> list[list[Window]]:
    """Group windows of like length, longest first so that memory trouble shows at once."""
    batches: list[list[Window]] = []
    for window in sorted(windows, key=lambda window: -len(window.ids)):
        last = batches[-1] if batches else []
        if not last or len(last[0].ids) * (len(last) + 1) > _BATCH_SUBWORDS:
            batches.append([])
        batches[-1].append(window)
    return batches


def _stretches(
    window: Window, scores: NDArray[np.float64], text: str, count: int
) -> list[Answered]:
    """Return the best stretches of a window's context."""
    context = [place for place, whose in enumerate(window.owner) if whose == CONTEXT]
    if not context:
        return []
    first, last = context[0], context[-1] + 1
    table = scores[0, first:last, None] + scores[1, None, first:last]
    legal = np.triu(np.ones_like(table, dtype=bool)) & ~np.triu(
        np.ones_like(table, dtype=bool), _LONGEST_ANSWER
    )
    table = np.where(legal, table, -np.inf)
    # Some have the same text or none, and are left out below.
    wanted = min(4 * count, table.size)
    places = np.argpartition(table, -wanted, axis=None)[-wanted:]
    found = []
    for place in places[np.argsort(-table.ravel()[places], kind="stable")]:
        start, end = divmod(int(place), table.shape[1])
        if not legal[start, end]:
            continue
        begin, finish = window.offsets[first + start][0], window.offsets[first + end][1]
        inside = text[begin:finish]
        if inside.strip():
            shift = len(inside) - len(inside.lstrip())
            found.append(Answered(inside.strip(), begin + shift, float(table[start, end])))
    return found


def _distinct(answers: Sequence[Answered], count: int) -> list[Answered]:
    """Return the best answers, each text once; of equal scores the earliest."""
    kept: dict[str, Answered] = {}
    for one in sorted(answers, key=lambda one: (-one.score, one.char_start)):
        kept.setdefault(one.text, one)
    return list(kept.values())[:count]
