"""Linear layers in 8-bit integers: near the exact ones, subword by subword."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.encoders import Encoder
from core.encoders.coarse import coarsen_linear_layers
from core.encoders.cpu import one_core
from core.encoders.loading import ready
from core.errors import ConfigError
from tests.tiny_models import bert_config, save_tokenizer

WORDS = ["the", "cat", "sat", "on", "mat"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BertModel

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("bert")
    BertModel(bert_config(save_tokenizer(folder, WORDS))).eval().save_pretrained(folder)
    return folder


@pytest.mark.parametrize("bias", [True, False])
def test_a_coarse_layer_is_near_the_exact_one(bias: bool) -> None:
    import torch

    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(48, 32, bias=bias))
    inputs = torch.randn(2, 5, 48) + 3
    inputs[0, 0] *= 1000  # one subword far above the others
    inputs[1, 1] = 7  # one of equal numbers, one of nothing
    inputs[1, 2] = 0
    with torch.inference_mode():
        exact = model(inputs)
        coarsen_linear_layers(model)
        coarse = model(inputs)
        alone = model(inputs[1:, 3:4])
    spread = exact.std(dim=-1, keepdim=True).clamp_min(1e-2)
    assert ((coarse - exact).abs() / spread).max() < 0.1
    assert torch.equal(alone[0, 0], coarse[1, 3])


def test_an_encoder_in_int8_is_near_the_full_one(folder: Path) -> None:
    sentences = [["the", "cat", "sat"], ["on", "the", "mat"], []]
    full = Encoder(model=str(folder), layer=2).encode(sentences)
    coarse = Encoder(model=str(folder), layer=2, precision="int8").encode(sentences)
    for exact, near in zip(full, coarse, strict=True):
        assert np.allclose(exact.vectors, near.vectors, atol=0.1)
    assert not np.array_equal(full[0].vectors, coarse[0].vectors)
    again = Encoder(model=str(folder), layer=2).encode(sentences)
    assert np.array_equal(full[0].vectors, again[0].vectors)


def test_one_core_for_small_products_and_all_again_after_them() -> None:
    import torch

    cores = torch.get_num_threads()
    with one_core():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == cores


def test_full_precision_stays_the_default() -> None:
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(4, 4))
    model.device = torch.device("cpu")
    assert "Coarse" not in str(ready(model, "cpu"))


def test_int8_is_refused_off_the_cpu() -> None:
    import torch

    with pytest.raises(ConfigError, match="on a CPU") as raised:
        coarsen_linear_layers(torch.nn.Linear(2, 2, device="meta"))
    assert raised.value.code == "bad-value"
