"""The encoder on tiny models made here, saved to a folder and loaded as a user's would be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.encoders import Encoder
from core.encoders.windowed import window_starts
from core.errors import BackendError, ConfigError

WORDS = ["the", "cat", "sat", "on", "mat", "dog", "ran", "far", "a", "home"]
POSITIONS = 24


@pytest.fixture(scope="module", params=["bert", "roberta", "distilbert"])
def model_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import (
        BertConfig,
        BertModel,
        DistilBertConfig,
        DistilBertModel,
        PreTrainedTokenizerFast,
        RobertaConfig,
        RobertaModel,
    )

    special = ["<s>", "<pad>", "</s>", "<unk>"]
    pieces = [*special, *WORDS, *(f"##{letter}" for letter in "stz")]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    folder = tmp_path_factory.mktemp(request.param)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=POSITIONS,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(folder)
    torch.manual_seed(0)
    shared = {"vocab_size": len(vocabulary), "pad_token_id": 1}
    sizes = {
        "hidden_size": 16,
        "num_hidden_layers": 3,
        "num_attention_heads": 2,
        "intermediate_size": 32,
    }
    if request.param == "bert":
        config = BertConfig(**shared, **sizes, max_position_embeddings=POSITIONS)
        model = BertModel(config)
    elif request.param == "roberta":
        config = RobertaConfig(**shared, **sizes, max_position_embeddings=POSITIONS + 2)
        model = RobertaModel(config)
    else:
        config = DistilBertConfig(
            **shared,
            dim=16,
            n_layers=3,
            n_heads=2,
            hidden_dim=32,
            max_position_embeddings=POSITIONS,
        )
        model = DistilBertModel(config)
    model.eval().save_pretrained(folder)
    return folder


def _reference(folder: Path, words: list[str], layer: int) -> np.ndarray:
    """Ask transformers directly, one sentence at a time, all layers computed."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder).eval()
    inputs = tokenizer(words, is_split_into_words=True, return_tensors="pt")
    inputs.pop("token_type_ids", None)
    with torch.no_grad():
        states = model(**inputs, output_hidden_states=True).hidden_states[layer]
    return states[0, 1:-1].numpy()


@pytest.mark.parametrize("layer", [0, 1, 2, 3])
def test_vectors_equal_those_of_the_whole_model(model_folder: Path, layer: int) -> None:
    sentences = [["the", "cats", "sat"], ["a", "dog", "ran", "far", "home"], ["mat"]]
    encoded = Encoder(model=str(model_folder), layer=layer).encode(sentences)
    for words, found in zip(sentences, encoded, strict=True):
        assert np.allclose(found.vectors, _reference(model_folder, words, layer), atol=1e-5)
    assert encoded[0].word_index.tolist() == [0, 1, 1, 2]


def test_batches_and_repeats_do_not_matter(model_folder: Path) -> None:
    rng = np.random.default_rng(0)
    sentences = [rng.choice(WORDS, size=rng.integers(0, 12)).tolist() for _ in range(25)]
    sentences += sentences[:5]
    small = Encoder(model=str(model_folder), layer=2, batch_subwords=8).encode(sentences)
    large = Encoder(model=str(model_folder), layer=2, batch_subwords=4096).encode(sentences)
    for words, first, second in zip(sentences, small, large, strict=True):
        assert first.words == len(words)
        assert np.allclose(first.vectors, second.vectors, atol=1e-5)
    assert small[0] is small[25]


def test_long_text_keeps_its_tail(model_folder: Path) -> None:
    words = [WORDS[i % len(WORDS)] for i in range(100)]
    (found,) = Encoder(model=str(model_folder), layer=2).encode([words])
    assert found.word_index.tolist() == list(range(100))
    assert found.windows > 1
    norms = np.linalg.norm(found.vectors, axis=1)
    assert (norms > 0).all()
    # the first window is read as it would be alone
    room = POSITIONS - 2
    alone = _reference(model_folder, words[:room], 2)
    assert np.allclose(found.vectors[: room // 2], alone[: room // 2], atol=1e-5)


def test_an_empty_sentence_has_no_vectors(model_folder: Path) -> None:
    (found,) = Encoder(model=str(model_folder), layer=1).encode([[]])
    assert found.vectors.shape == (0, 16)
    assert found.word_vectors().shape == (0, 16)


def test_a_layer_the_model_does_not_have(model_folder: Path) -> None:
    with pytest.raises(ConfigError, match="0 to 3, got 9") as raised:
        Encoder(model=str(model_folder), layer=9).encode([["the"]])
    assert raised.value.code == "layer-out-of-range"


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="model folder") as raised:
        Encoder(model=str(tmp_path / "none"), layer=1).encode([["the"]])
    assert raised.value.code == "model-not-found"


@pytest.mark.parametrize(
    ("length", "room", "expected"),
    [(0, 4, []), (4, 4, [0]), (5, 4, [0, 1]), (10, 4, [0, 2, 4, 6]), (11, 4, [0, 2, 4, 6, 7])],
)
def test_windows_cover_everything(length: int, room: int, expected: list[int]) -> None:
    starts = window_starts(length, room)
    assert starts == expected
    assert {i for s in starts for i in range(s, min(s + room, length))} == set(range(length))
