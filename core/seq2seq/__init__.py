"""Sequence-to-sequence models: translations, and how probable a translation is."""

from __future__ import annotations

from core.seq2seq.licences import licence
from core.seq2seq.loading import Device, ModelChoice, Precision, load_seq2seq, release_seq2seq
from core.seq2seq.model import CutTranslationWarning, Decoding, Seq2seqModel, Translation
from core.seq2seq.phrases import phrase_log_probabilities

__all__ = [
    "CutTranslationWarning",
    "Decoding",
    "Device",
    "ModelChoice",
    "Precision",
    "Seq2seqModel",
    "Translation",
    "licence",
    "load_seq2seq",
    "phrase_log_probabilities",
    "release_seq2seq",
]
