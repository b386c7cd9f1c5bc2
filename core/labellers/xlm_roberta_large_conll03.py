"""XLM-RoBERTa large, fine-tuned on the English CoNLL-2003: the source tagger of published systems.

Paper: Conneau et al. 2020, XLM-R, arXiv:1911.02116; Tjong Kim Sang & De Meulder 2003, CoNLL-2003.
Departs: none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from core.labellers import LABELLERS
from core.labellers.token_classifier import TokenClassifier


@dataclass(frozen=True)
class XlmRobertaLargeConll03(TokenClassifier):
    """PER, LOC, ORG and MISC by XLM-RoBERTa large; downloads 2.2 GB once."""

    model: Annotated[str, Field(description="a Hugging Face id or a folder", min_length=1)] = (
        "FacebookAI/xlm-roberta-large-finetuned-conll03-english"
    )


LABELLERS.register(XlmRobertaLargeConll03)
