"""Contextual subword vectors from one layer of a transformer encoder.

Three things make this fast without changing a result: layers above the one asked for are never
loaded, sentences are batched with others of the same length, and a sentence that occurs twice is
encoded once. Text longer than the model's window is read through overlapping windows, so that no
word is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from core.encoders import bundled
from core.encoders.loading import Precision, free_memory, model_errors, ready
from core.encoders.quiet import quiet
from core.encoders.reading import Text, shared_reader
from core.encoders.windowed import Progress, WindowedModel
from core.errors import ConfigError
from core.types import SubwordVectors

# Encoders whose k-th hidden state is the output of a model cut off after k layers: no final norm
# follows the last layer. Others run whole and the layer is picked from all hidden states.
_CUTTABLE = frozenset({"bert", "roberta", "xlm-roberta", "camembert", "electra", "ernie", "mpnet"})


@dataclass(frozen=True)
class Encoder:
    """Word vectors of one layer of a transformer.

    Calls are safe from several threads; the model is loaded once a process and shared.
    """

    requires: ClassVar[tuple[str, ...]] = ("torch", "transformers")

    model: Annotated[
        str, Field(description="'bundled', a Hugging Face id, or a folder", min_length=1)
    ] = "bundled"
    layer: Annotated[int, Field(ge=0, description="hidden layer to take; 0 is the embeddings")] = 6
    device: Annotated[
        Literal["auto", "cpu", "cuda"], Field(description="where to compute; auto takes a GPU")
    ] = "auto"
    batch_subwords: Annotated[
        int, Field(ge=1, description="subwords computed at once; more needs more memory")
    ] = 512
    precision: Annotated[
        Precision,
        Field(
            description="int8 rounds the linear layers on a CPU: faster by half, some links differ"
        ),
    ] = "full"

    def encode(
        self, sentences: Sequence[Text], progress: Progress | None = None
    ) -> list[SubwordVectors]:
        """Compute the vectors of every subword.

        A sentence whose words are the characters of a script without spaces is read by the words
        that a segmenter finds in it; all else is read word by word.

        Args:
            sentences: sentences or their words; an empty one gives no vectors.
            progress: called after each batch.

        Returns:
            One value a sentence, in order. A word made only of characters the tokenizer drops
            (zero-width signs) has no subword.

        Raises:
            BackendError: the model cannot be found or loaded.
            ConfigError: the model has fewer layers (code layer-out-of-range).
        """
        loaded = _load(self.model, self.layer, self.device, self.precision)
        return loaded.encode(sentences, self.batch_subwords, progress)

    def load(self) -> None:
        """Load the model now, instead of at the first sentence.

        Raises:
            BackendError: the model cannot be found or loaded.
            ConfigError: the model has fewer layers (code layer-out-of-range).
        """
        _load(self.model, self.layer, self.device, self.precision)

    def release(self) -> None:
        """Free every loaded encoder; the next call loads what it needs again."""
        _load.cache_clear()
        free_memory()


@lru_cache(maxsize=2)
def _load(name: str, layer: int, device: str, precision: Precision) -> WindowedModel:
    from transformers import AutoConfig, AutoModel

    folder = str(bundled.unpack()) if name == "bundled" else name
    with model_errors(name):
        config = AutoConfig.from_pretrained(folder)
        depth = int(config.num_hidden_layers)
        if not layer <= depth:
            raise ConfigError(
                f"the layer of {name!r} must be 0 to {depth}, got {layer}",
                code="layer-out-of-range",
            )
        cut = config.model_type in _CUTTABLE
        if cut:
            config.num_hidden_layers = layer
        with quiet():  # the report of layers left out is no news here
            model = AutoModel.from_pretrained(folder, config=config)
        reader = shared_reader(folder)

    def read(output: Any) -> Any:
        return output.last_hidden_state if cut else output.hidden_states[layer]

    return WindowedModel(
        ready(model, device, precision),
        reader,
        read=read,
        width=int(config.hidden_size),
        options={"output_hidden_states": not cut},
    )
