"""Contextual word vectors: the bundled model, a Hugging Face id or a local folder."""

from __future__ import annotations

from core.encoders.transformer import Encoder

__all__ = ["Encoder"]
