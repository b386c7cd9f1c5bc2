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


def save_recogniser(folder: Path) -> None:
    """Train and save an English spaCy recogniser that knows two names."""
    import random

    import spacy
    from spacy.training import Example

    spacy.util.fix_random_seed(0)
    random.seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    texts = [
        ("Ada saw Rome .", [(0, 3, "PERSON"), (8, 12, "GPE")]),
        ("They met Ada in Rome .", [(9, 12, "PERSON"), (16, 20, "GPE")]),
        ("It rained in May .", []),
    ]
    examples = [Example.from_dict(nlp.make_doc(text), {"entities": found}) for text, found in texts]
    nlp.initialize(lambda: examples)
    for _ in range(40):
        nlp.update(examples, drop=0.0)
    nlp.to_disk(folder)


Lesson = tuple[str, str, str, str]
"""Source code, source text, target code, target text, in a model's own codes."""


def save_seq2seq(
    folder: Path, words: list[str], *, lessons: list[Lesson] | None = None, positions: int = 64
) -> Any:
    """Save a model as NLLB-200 is saved, with its tokenizer's class, and return it.

    Args:
        folder: where to.
        words: each is one token; other text is read character by character.
        lessons: translations it learns by heart; without any, its weights stay random.
        positions: its window.
    """
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *sorted(set("".join(words)))]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    merges = []
    for word in words:
        begun = "▁"
        for letter in word:
            if begun + letter not in vocabulary:
                merges.append((begun, letter))
                vocabulary[begun + letter] = len(vocabulary)
            begun += letter
    tokenizer = NllbTokenizer(vocab=vocabulary, merges=merges, model_max_length=positions)
    sizes = _sizes(len(tokenizer), positions)
    return _save(folder, M2M100ForConditionalGeneration, M2M100Config(**sizes), tokenizer, lessons)


def save_m2m100(folder: Path, words: list[str], *, lessons: list[Lesson] | None = None) -> Any:
    """Save a model as M2M100 is saved, and return it."""
    import json

    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    pieces = _save_pieces(folder / "sentencepiece.bpe.model", words)
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *pieces]
    (folder / "vocab.json").write_text(json.dumps({p: i for i, p in enumerate(vocabulary)}))
    tokenizer = M2M100Tokenizer(
        str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model"), model_max_length=64
    )
    config = M2M100Config(**_sizes(max(tokenizer.lang_code_to_id.values()) + 1, 64))
    return _save(folder, M2M100ForConditionalGeneration, config, tokenizer, lessons)


def save_marian(
    folder: Path, words: list[str], *, source: str, target: str, prefixes: tuple[str, ...] = ()
) -> Any:
    """Save a model with random weights as OPUS-MT models are saved, and return it.

    Args:
        folder: where to.
        words: what its tokenizer is made from.
        source: what it calls its source language, or several of them.
        target: the same for the target language.
        prefixes: target languages of a model with several, such as `>>deu<<`.
    """
    import json

    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    pieces = _save_pieces(folder / "source.spm", words)
    (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    vocabulary = ["</s>", "<unk>", *pieces, *prefixes, "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({p: i for i, p in enumerate(vocabulary)}))
    files = (str(folder / name) for name in ("source.spm", "target.spm", "vocab.json"))
    tokenizer = MarianTokenizer(*files, source_lang=source, target_lang=target, model_max_length=64)
    padding = len(vocabulary) - 1
    special = {"pad_token_id": padding, "decoder_start_token_id": padding, "eos_token_id": 0}
    config = MarianConfig(**{**_sizes(len(vocabulary), 64), **special}, forced_eos_token_id=0)
    return _save(folder, MarianMTModel, config, tokenizer, None)


def _sizes(vocabulary: int, positions: int) -> dict[str, Any]:
    sides = ("encoder", "decoder")
    return {
        "vocab_size": vocabulary,
        "d_model": 32,
        "init_std": 0.1,  # far from uniform, so that tests see differences
        "max_position_embeddings": positions,
        "dropout": 0.0,
        "attention_dropout": 0.0,
        **{f"{side}_layers": 1 for side in sides},
        **{f"{side}_attention_heads": 2 for side in sides},
        **{f"{side}_ffn_dim": 64 for side in sides},
        **{f"{side}_layerdrop": 0.0 for side in sides},
    }


def _save_pieces(path: Path, words: list[str]) -> list[str]:
    """Save a SentencePiece model and return its pieces without the special ones."""
    import io

    import sentencepiece

    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([" ".join(words)] * 5),
        model_writer=made,
        vocab_size=200,
        model_type="bpe",
        hard_vocab_limit=False,
        minloglevel=2,
    )
    path.write_bytes(made.getvalue())
    model = sentencepiece.SentencePieceProcessor(model_proto=made.getvalue())
    return [model.id_to_piece(index) for index in range(3, model.get_piece_size())]


def _save(
    folder: Path, model_class: Any, config: Any, tokenizer: Any, lessons: list[Lesson] | None
) -> Any:
    import torch

    torch.manual_seed(0)
    model = model_class(config)
    if lessons:
        _teach(model, tokenizer, lessons)
    model.eval()
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    return model


def _teach(model: Any, tokenizer: Any, lessons: list[Lesson], steps: int = 150) -> None:
    """Train until the model knows its lessons by heart."""
    import torch

    rows = []
    for source_code, source, target_code, target in lessons:
        tokenizer.src_lang, tokenizer.tgt_lang = source_code, target_code
        both = tokenizer(source, text_target=target)
        rows.append((both["input_ids"], both["labels"]))
    longest = [max(len(row[side]) for row in rows) for side in (0, 1)]
    padding = tokenizer.pad_token_id
    ids = torch.tensor([row[0] + [padding] * (longest[0] - len(row[0])) for row in rows])
    labels = torch.tensor([row[1] + [-100] * (longest[1] - len(row[1])) for row in rows])
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a model is slower on several cores
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    model.train()
    for _ in range(steps):
        loss = model(input_ids=ids, attention_mask=(ids != padding).long(), labels=labels).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    torch.set_num_threads(threads)


ENGLISH = ("ada saw rome .", "rome in may", "ada", "rome", "may", "in may ada saw rome .")
GERMAN = ("ada sah rom .", "rom im mai", "ada", "rom", "mai", "im mai sah ada rom .")


def save_english_german(folder: Path) -> Any:
    """Save a model that knows these sentences in both languages by heart, and return it."""
    lessons: list[Lesson] = []
    for english, german in zip(ENGLISH, GERMAN, strict=True):
        sides = {"eng_Latn": english, "deu_Latn": german}
        lessons += [(one, sides[one], other, sides[other]) for one in sides for other in sides]
    words = [word for text in (*ENGLISH, *GERMAN) for word in text.split()]
    return save_seq2seq(folder, list(dict.fromkeys(words)), lessons=lessons)
