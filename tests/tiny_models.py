"""Tiny models saved to a folder, to be loaded as a user's would be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")


def save_tokenizer(folder: Path, words: list[str], *, positions: int = 32) -> int:
    """Save a word-piece tokenizer that knows these words and single letters after `##`.

    Returns:
        The size of its vocabulary.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    pieces = [*SPECIAL, *words, *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")]
    vocabulary = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=positions,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(folder)
    return len(vocabulary)


def bert_config(vocabulary: int, *, positions: int = 32, **more: Any) -> Any:
    """Return the configuration of a BERT of two narrow layers."""
    from transformers import BertConfig

    return BertConfig(
        vocab_size=vocabulary,
        pad_token_id=1,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=positions,
        **more,
    )


def save_tagger(folder: Path, words: list[str], tags: list[str], *, positions: int = 32) -> Any:
    """Save a token-classification model with random weights and return it."""
    import torch
    from transformers import BertForTokenClassification

    torch.manual_seed(0)
    vocabulary = save_tokenizer(folder, words, positions=positions)
    config = bert_config(
        vocabulary,
        positions=positions,
        id2label=dict(enumerate(tags)),
        label2id={tag: index for index, tag in enumerate(tags)},
    )
    model = BertForTokenClassification(config).eval()
    with torch.no_grad():  # far from uniform, so that tests see differences
        model.classifier.weight.mul_(40)
    model.save_pretrained(folder)
    return model
