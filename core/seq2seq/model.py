"""A loaded sequence-to-sequence model: translating, and scoring translations.

Paper: Sutskever et al. 2014, arXiv:1409.3215 (beam search over a sequence-to-sequence model).
Departs: text longer than the model's window is translated in parts, and a translation that reaches
the length limit is marked as cut.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import BackendError, DataError, Notice
from core.seq2seq.batching import batches, pad
from core.seq2seq.languages import Direction, find_direction
from core.seq2seq.parts import split_to_fit
from core.text.words import join_words

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase

Progress = Callable[[int, int], None]
"""Called with (done, total) parts of texts."""
_UNLIMITED = 10**6  # tokenizers without a limit of their own give a huge number


class CutTranslationWarning(Notice):
    """A translation reached the length limit without an end: its tail is missing."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How translations are searched for.

    Attributes:
        beams: hypotheses followed at once; 1 is greedy.
        batch_tokens: source tokens translated at once, padding included.
        max_source_tokens: longer text is split, as is text longer than the model's window.
        max_target_tokens: where a translation is cut off.
    """

    beams: int = 4
    batch_tokens: int = 1024
    max_source_tokens: int = 256
    max_target_tokens: int = 256


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation, of how many parts it was made, and whether each of them came to its end."""

    text: str
    complete: bool = True
    parts: int = 1


class Seq2seqModel:
    """A model, its tokenizer, and a lock around both: the tokenizer holds the languages.

    Args:
        name: what the user called the model.
        model: a sequence-to-sequence model with a language-modelling head.
        tokenizer: its tokenizer.
    """

    def __init__(self, name: str, model: Any, tokenizer: PreTrainedTokenizerBase) -> None:
        self.name = name
        self.model = model
        self.tokenizer = tokenizer
        self.lock = threading.Lock()
        positions = int(getattr(model.config, "max_position_embeddings", _UNLIMITED))
        self.window = min(positions, int(tokenizer.model_max_length))

    def direction(self, source: str, target: str) -> Direction:
        """Say how the model is told these languages.

        Raises:
            ConfigError: it does not know one of them (code unknown-language).
        """
        return find_direction(self.name, self.tokenizer, source, target)

    def translate(
        self,
        texts: Sequence[str],
        *,
        source: str,
        target: str,
        decoding: Decoding | None = None,
        progress: Progress | None = None,
    ) -> list[Translation]:
        """Translate every text; equal texts are translated once.

        Args:
            texts: running text; white space counts as one space.
            source: BCP-47 code.
            target: BCP-47 code.
            decoding: how to search.
            progress: called after each batch.

        Raises:
            ConfigError: the model does not know a language (code unknown-language).
            BackendError: the memory is too small for a batch (code no-room).
        """
        decoding = decoding or Decoding()
        plain = [" ".join(text.split()) for text in texts]
        with self.lock:
            direction = self._face(source, target)
            parts = self._split(
                [text for text in dict.fromkeys(plain) if text],
                direction,
                min(decoding.max_source_tokens, self.window),
            )
            wanted = list(dict.fromkeys(part for found in parts.values() for part in found))
            done = self._generate(wanted, direction, decoding, progress)
        made = {"": Translation("")}
        for text, found in parts.items():
            pieces = [done[part] for part in found]
            made[text] = Translation(
                text=join_words([piece for piece, _ in pieces if piece], target)[0],
                complete=all(complete for _, complete in pieces),
                parts=len(pieces),
            )
        return [made[text] for text in plain]

    def log_probabilities(
        self,
        sources: Sequence[str],
        targets: Sequence[str],
        *,
        source: str,
        target: str,
        batch_tokens: int = 1024,
    ) -> NDArray[np.float64]:
        """Compute `log P(target | source)` per token by teacher forcing.

        The mean is over the target's tokens and the end of the sentence. The language token is not
        counted: it is given, not predicted.

        Args:
            sources: source texts.
            targets: one target text each.
            source: BCP-47 code.
            target: BCP-47 code.
            batch_tokens: source and target tokens computed at once.

        Returns:
            Shape (texts,), natural logarithm, at most 0.

        Raises:
            ConfigError: the model does not know a language (code unknown-language).
            DataError: a text is longer than the model's window (code bad-value).
        """
        values = np.zeros(len(sources))
        with self.lock:
            direction = self._face(source, target)
            pairs = list(
                zip(self._sources(sources, direction), self._targets(targets), strict=True)
            )
            longest = max((max(map(len, pair)) for pair in pairs), default=0)
            if longest > self.window:
                raise DataError(
                    f"a text to score must be at most {self.window} tokens, got {longest}",
                    code="bad-value",
                )
            sizes = [len(first) + len(second) for first, second in pairs]
            for places in batches(sizes, batch_tokens):
                with self._memory_errors():
                    values[places] = self._score([pairs[place] for place in places], direction)
        return values

    def _face(self, source: str, target: str) -> Direction:
        direction = self.direction(source, target)
        if direction.source_code:
            self.tokenizer.src_lang = direction.source_code
            self.tokenizer.tgt_lang = direction.target_code
        return direction

    def _sources(self, texts: Sequence[str], direction: Direction) -> list[list[int]]:
        # Split special tokens: `</s>` in a text is text.
        return self._ids(text=[direction.prefix + text for text in texts])

    def _targets(self, texts: Sequence[str]) -> list[list[int]]:
        return self._ids(text_target=list(texts))

    def _ids(self, **texts: list[str]) -> list[list[int]]:
        if not any(texts.values()):
            return []
        encoded = self.tokenizer(
            **texts, split_special_tokens=True, truncation=False, padding=False, verbose=False
        )
        ids: list[list[int]] = encoded["input_ids"]
        return ids

    def _split(self, texts: Sequence[str], direction: Direction, room: int) -> dict[str, list[str]]:
        def fits(part: str) -> bool:
            return len(self._sources([part], direction)[0]) <= room

        lengths = map(len, self._sources(texts, direction))
        return {
            text: [text] if length <= room else split_to_fit(text, fits)
            for text, length in zip(texts, lengths, strict=True)
        }

    def _generate(
        self,
        parts: Sequence[str],
        direction: Direction,
        decoding: Decoding,
        progress: Progress | None,
    ) -> dict[str, tuple[str, bool]]:
        """Translate parts that fit; tell for each whether it came to its end."""
        ids = self._sources(parts, direction)
        options: dict[str, Any] = {
            "num_beams": decoding.beams,
            "do_sample": False,
            "max_new_tokens": min(decoding.max_target_tokens, self.window - 1),
        }
        if direction.first_token is not None:
            options["forced_bos_token_id"] = direction.first_token
        found: dict[str, tuple[str, bool]] = {}
        for places in batches([len(one) for one in ids], decoding.batch_tokens):
            with self._memory_errors():
                made = self.model.generate(**self._pad([ids[place] for place in places]), **options)
            # The first token starts the decoder, and with some models it is the end token.
            # Tokenizers do not agree on whether the language token is a special one.
            given = 1 if direction.first_token is None else 2
            rows = made[:, given:].tolist()
            texts = self.tokenizer.batch_decode(rows, skip_special_tokens=True)
            for place, row, text in zip(places, rows, texts, strict=True):
                found[parts[place]] = text.strip(), self.tokenizer.eos_token_id in row
            if progress is not None:
                progress(len(found), len(parts))
        return found

    def _score(
        self, pairs: Sequence[tuple[list[int], list[int]]], direction: Direction
    ) -> list[float]:
        import torch

        start = int(self.model.config.decoder_start_token_id)
        inputs = self._pad([source for source, _ in pairs])
        shifted = self._pad([[start, *target[:-1]] for _, target in pairs])["input_ids"]
        with torch.inference_mode():
            logits = self.model(**inputs, decoder_input_ids=shifted, use_cache=False).logits
            means = []
            for row, (_, target) in zip(logits, pairs, strict=True):
                given = int(target[0] == direction.first_token)
                # A row at a time: a batch of some 250,000 logits a token in float32 takes room.
                scores = row[given : len(target)].float()
                wanted = torch.tensor(target[given:], device=scores.device)[:, None]
                means.append((scores.gather(1, wanted)[:, 0] - scores.logsumexp(1)).mean())
            return [min(value, 0.0) for value in torch.stack(means).tolist()]

    def _pad(self, rows: Sequence[Sequence[int]]) -> dict[str, torch.Tensor]:
        return pad(rows, int(self.tokenizer.pad_token_id), self.model.device)

    @contextmanager
    def _memory_errors(self) -> Iterator[None]:
        import torch

        try:
            yield
        except torch.OutOfMemoryError as error:
            raise BackendError(
                f"model {self.name!r} needs more memory than the GPU has left",
                code="no-room",
                hint="choose a smaller batch_tokens, a lower precision, or a smaller model",
            ) from error
