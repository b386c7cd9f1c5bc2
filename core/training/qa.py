"""Train extractive question answering: which subword an answer begins at, and which it ends at.

A context longer than the window is cut into windows that overlap. A window that does not hold the
whole answer is taught to point at its first special token, which says that there is none.

Paper: Devlin et al. 2019, BERT, arXiv:1810.04805, §4.2-4.3.
Departs: SQuAD 1.1 is trained as 2.0 is: windows without the answer count; of several gold answers
the first is taught.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from core.adversarial import QuestionAnsweringStep, TrainingStep
from core.errors import BackendError
from core.questions import Answer, Context, Question
from core.training.collating import padded
from core.training.models import whole_base
from core.training.order import Part
from core.training.recipe import Recipe

QUESTION, CONTEXT, SPECIAL = range(3)
ANSWERER_FILE = "answerer.json"
_BATCH = 256  # pairs that are tokenized in one call


@dataclass(frozen=True)
class Windows:
    """How questions and contexts are cut.

    Attributes:
        longest: subwords of question, context and special tokens.
        stride: subwords of the context that neighbouring windows share, at most a quarter of
            `longest`, and fewer than the longest question leaves to a context.
        longest_question: subwords; the rest of a question is cut off.
    """

    longest: int = 256
    stride: int = 64
    longest_question: int = 64


@dataclass(frozen=True)
class QaRecipe(Recipe):
    """How to train question answering."""

    epochs: Annotated[int, Field(ge=1, description="passes over the training data")] = 2
    batch: Annotated[int, Field(ge=1, description="windows a step, over all devices")] = 16
    longest: Annotated[
        int, Field(ge=16, description="subwords of question and context in a window")
    ] = 256
    stride: Annotated[
        int, Field(ge=0, description="subwords of the context that two windows share")
    ] = 64
    longest_question: Annotated[
        int, Field(ge=4, description="subwords; the rest of a question is cut off")
    ] = 64

    @property
    def windows(self) -> Windows:
        """Return how texts are cut; the question leaves half a window to the context."""
        question = min(self.longest_question, self.longest // 2)
        return Windows(self.longest, min(self.stride, self.longest // 4), question)


@dataclass(frozen=True, slots=True)
class Window:
    """A question with a stretch of its context, as the model reads it.

    Attributes:
        ids: subwords, special tokens included.
        types: token types; empty where the model has none.
        owner: of every subword: QUESTION, CONTEXT or SPECIAL.
        offsets: characters of its text that each subword covers; none in training.
        question: 0-based number of the question.
        start: first subword of the answer; 0 where it is not in this window.
        end: last subword of the answer, included; likewise.
        is_cut: whether the question was too long and lost its tail.
    """

    ids: Sequence[int]
    types: bytes
    owner: bytes
    offsets: Sequence[tuple[int, int]]
    question: int
    start: int = 0
    end: int = 0
    is_cut: bool = False


@dataclass(frozen=True)
class QaTask:
    """Answering questions, learnt from contexts with gold answers.

    Attributes:
        data: contexts with a weight each group: how often an epoch sees each of them.
        recipe: how to train.
    """

    data: Sequence[tuple[Sequence[Context], float]]
    recipe: QaRecipe
    head: Literal["answers"] = "answers"

    @property
    def options(self) -> Mapping[str, Any]:
        """Two outputs a subword: start and end."""
        return {"num_labels": 2}

    @property
    def described(self) -> tuple[str, Mapping[str, Any]]:
        """Say what the model is, as `core.training.answering` reads it."""
        cut = self.recipe.windows
        sizes = {"longest": cut.longest, "stride": cut.stride}
        sizes["longest_question"] = cut.longest_question
        return ANSWERER_FILE, {"base": whole_base(self.recipe.base), **sizes}

    def parts(self, tokenizer: Any) -> list[Part[Window]]:
        """Cut all contexts into windows."""
        parts = []
        for contexts, weight in self.data:
            windows = make_windows(contexts, tokenizer, self.recipe.windows)
            cut = len({window.question for window in windows if window.is_cut})
            parts.append(Part(windows, weight, cut=cut))
        return parts

    def steps(
        self,
        models: Sequence[Any],
        batch: Sequence[Window],
        tokenizer: Any,
        common: Mapping[str, Any],
    ) -> list[TrainingStep]:
        """Pad the windows."""
        import torch

        device = models[0].device
        inputs = {
            name: tensor.to(device) for name, tensor in model_inputs(batch, tokenizer).items()
        }
        special = padded([[one == SPECIAL for one in window.owner] for window in batch], 1)
        starts = torch.tensor([one.start for one in batch])
        ends = torch.tensor([one.end for one in batch])
        return [
            QuestionAnsweringStep(
                model=model,
                inputs=inputs,
                special=special.bool().to(device),
                starts=starts.to(device),
                ends=ends.to(device),
                **common,
            )
            for model in models
        ]


def model_inputs(batch: Sequence[Window], tokenizer: Any) -> dict[str, Any]:
    """Return a batch of windows as a model takes it. Shape of each: (window, subword)."""
    inputs = {
        "input_ids": padded([one.ids for one in batch], tokenizer.pad_token_id or 0),
        "attention_mask": padded([[1] * len(one.ids) for one in batch], 0),
    }
    if batch[0].types:
        inputs["token_type_ids"] = padded([one.types for one in batch], 0)
    return inputs


def make_windows(
    contexts: Sequence[Context], tokenizer: Any, cut: Windows, *, with_answers: bool = True
) -> list[Window]:
    """Cut contexts into windows, a set of them a question.

    Args:
        contexts: with questions.
        tokenizer: a fast one.
        cut: how.
        with_answers: mark the gold answers.

    Returns:
        Windows by question and place. Their `question` counts over all contexts.

    Raises:
        BackendError: the tokenizer cannot read two texts as a pair (code model-unusable).
    """
    pairs = [
        _Asked(_shortened(question.text, tokenizer, cut.longest_question), question, context)
        for context in contexts
        for question in context.questions
    ]
    room = cut.longest - cut.longest_question - tokenizer.num_special_tokens_to_add(pair=True)
    cut = replace(cut, stride=max(0, min(cut.stride, room - 1)))
    found: list[Window] = []
    for begin in range(0, len(pairs), _BATCH):
        batch = pairs[begin : begin + _BATCH]
        found += _windows_of(batch, begin, tokenizer, cut, with_answers=with_answers)
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it is read, the whole of it, and its context."""

    shortened: str
    question: Question
    context: Context


def _windows_of(
    pairs: Sequence[_Asked],
    first: int,
    tokenizer: Any,
    cut: Windows,
    *,
    with_answers: bool,
) -> list[Window]:
    read = tokenizer(
        [one.shortened for one in pairs],
        [one.context.text for one in pairs],
        truncation="only_second",
        max_length=cut.longest,
        stride=cut.stride,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        padding=False,
        verbose=False,
    )
    types = read.get("token_type_ids")
    found = []
    for number, (ids, place) in enumerate(
        zip(read["input_ids"], read["overflow_to_sample_mapping"], strict=True)
    ):
        owner = bytes(SPECIAL if one is None else one for one in read.sequence_ids(number))
        offsets = read["offset_mapping"][number]
        asked = pairs[place]
        answer = asked.question.answers[0] if with_answers else None
        start, end = (0, 0) if answer is None else _answer_in(owner, offsets, answer)
        kinds = b"" if types is None else bytes(types[number])
        # A training set is large: what it does not need is left out, and numbers are packed.
        packed, kept = array("i", ids), [] if with_answers else offsets
        is_cut = asked.shortened != asked.question.text
        found.append(Window(packed, kinds, owner, kept, first + place, start, end, is_cut))
    has_text = any(one.context.text.strip() for one in pairs)
    if has_text and not any(CONTEXT in window.owner for window in found):
        raise BackendError(
            "a tokenizer must read question and context as a pair, got only one of them",
            code="model-unusable",
        )
    return found


def _shortened(question: str, tokenizer: Any, longest: int) -> str:
    """Cut a question behind its last subword that fits, so that a context is never crowded out."""
    read = tokenizer(question, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    offsets = read["offset_mapping"]
    return question if len(offsets) <= longest else question[: offsets[longest - 1][1]]


def _answer_in(owner: bytes, offsets: Sequence[tuple[int, int]], answer: Answer) -> tuple[int, int]:
    """Return the first and last subword of an answer; (0, 0) where it is not wholly inside."""
    inside = [
        place
        for place, (whose, (begin, end)) in enumerate(zip(owner, offsets, strict=True))
        if whose == CONTEXT and begin < answer.char_end and answer.char_start < end
    ]
    context = [place for place, whose in enumerate(owner) if whose == CONTEXT]
    if not inside or not context:
        return 0, 0
    # At the edge of a window an answer may go on outside.
    cut_before = inside[0] == context[0] and offsets[inside[0]][0] > answer.char_start
    cut_behind = inside[-1] == context[-1] and offsets[inside[-1]][1] < answer.char_end
    return (0, 0) if cut_before or cut_behind else (inside[0], inside[-1])
