"""A neural translation model: NLLB-200 of any size, M2M100, mBART-50 or Marian, by id or folder.

Paper: NLLB Team et al. 2022, No Language Left Behind, arXiv:2207.04672 (the default model).
Departs: long text is split, and what the length limit cuts off is reported.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from core.seq2seq import (
    CutTranslationWarning,
    Decoding,
    Device,
    ModelChoice,
    Precision,
    load_seq2seq,
    release_seq2seq,
)
from core.translators import TRANSLATORS

_MOST_NAMED = 5  # places named in a warning


@dataclass(frozen=True)
class Seq2seq:
    """Neural translation; the weights of NLLB-200 are CC-BY-NC 4.0: not for commercial use.

    `core.seq2seq.licence` tells the licence of the model chosen.
    """

    requires: ClassVar[tuple[str, ...]] = ("torch", "transformers")

    model: Annotated[
        str,
        Field(
            description="Hugging Face id or folder of NLLB-200, M2M100, mBART-50 or Marian "
            "(opus-mt); NLLB-200's licence forbids commercial use",
            min_length=1,
        ),
    ] = "facebook/nllb-200-distilled-600M"
    beams: Annotated[
        int, Field(ge=1, le=32, description="hypotheses followed at once; 1 is fastest")
    ] = 4
    batch_tokens: Annotated[
        int, Field(ge=1, description="tokens translated at once; more needs more memory")
    ] = 1024
    max_source_tokens: Annotated[
        int,
        Field(
            ge=16,
            description="longer text is split at sentence ends: models trained on sentences stop "
            "early on long text",
        ),
    ] = 256
    max_target_tokens: Annotated[
        int, Field(ge=2, description="where a translation is cut off, with a warning")
    ] = 256
    precision: Annotated[
        Precision,
        Field(description="auto is bfloat16 on a GPU, float32 on a CPU; int8 needs bitsandbytes"),
    ] = "auto"
    device: Annotated[Device, Field(description="where to compute; auto takes a GPU")] = "auto"

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Translate every text; the model is loaded at the first call.

        A translation that reaches the length limit is returned as far as it came, and a
        CutTranslationWarning tells which ones.

        Raises:
            ConfigError: the model does not know a language (code unknown-language).
            BackendError: the model cannot be found or loaded.
        """
        model = load_seq2seq(ModelChoice(self.model, self.precision, self.device))
        decoding = Decoding(
            self.beams, self.batch_tokens, self.max_source_tokens, self.max_target_tokens
        )
        found = model.translate(texts, source=source, target=target, decoding=decoding)
        cut = [place for place, one in enumerate(found, start=1) if not one.complete]
        if cut:
            named = ", ".join(map(str, cut[:_MOST_NAMED])) + ", …" * (len(cut) > _MOST_NAMED)
            warnings.warn(
                f"{len(cut)} of {len(texts)} translations reached {self.max_target_tokens} tokens "
                f"without an end and lack their tail (texts {named}); raise "
                "translator.max_target_tokens or lower translator.max_source_tokens",
                CutTranslationWarning,
                stacklevel=2,
            )
        return [one.text for one in found]

    def release(self) -> None:
        """Free the model."""
        release_seq2seq()


TRANSLATORS.register(Seq2seq)
