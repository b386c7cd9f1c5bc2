"""Loading, translating and scoring with tiny models of every kind."""

from __future__ import annotations

import gc
import importlib.util
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import BackendError, ConfigError, DataError
from core.seq2seq import (
    Decoding,
    Device,
    ModelChoice,
    Precision,
    Seq2seqModel,
    licence,
    load_seq2seq,
    loading,
    release_seq2seq,
)
from core.seq2seq.batching import batches
from core.seq2seq.parts import split_to_fit
from tests.tiny_models import (
    ENGLISH,
    GERMAN,
    save_english_german,
    save_m2m100,
    save_marian,
    save_tagger,
)

WORDS = ["ada", "saw", "rome", "in", "may"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nllb")
    save_english_german(folder)
    return folder


@pytest.fixture
def model(folder: Path) -> Seq2seqModel:
    return load_seq2seq(ModelChoice(str(folder), device="cpu"))


def test_nllb_translates_in_the_direction_asked_for(model: Seq2seqModel) -> None:
    assert type(model.tokenizer).__name__ == "NllbTokenizer"
    forth = model.translate(ENGLISH, source="en", target="de")
    back = model.translate(GERMAN, source="de", target="en")
    assert [one.text for one in forth] == list(GERMAN)
    assert [one.text for one in back] == list(ENGLISH)
    assert all(one.complete and one.parts == 1 for one in forth)


def test_the_language_token_comes_first_and_is_forced(
    model: Seq2seqModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[dict[str, Any]] = []
    generate = model.model.generate

    def record(**options: Any) -> Any:
        calls.append(options)
        return generate(**options)

    monkeypatch.setattr(model.model, "generate", record)
    model.translate(["ada"], source="en", target="sw")
    ids = model.tokenizer.convert_tokens_to_ids(["eng_Latn", "swh_Latn"])
    assert calls[0]["input_ids"][0, 0] == ids[0]
    assert calls[0]["forced_bos_token_id"] == ids[1]


def test_equal_texts_are_translated_once_and_empty_ones_never(
    model: Seq2seqModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[int] = []
    generate = model.model.generate

    def count(**options: Any) -> Any:
        rows.append(len(options["input_ids"]))
        return generate(**options)

    monkeypatch.setattr(model.model, "generate", count)
    found = model.translate(["ada", " ", "ada", "  ada\n"], source="en", target="de")
    assert [one.text for one in found] == ["ada", "", "ada", "ada"]
    assert rows == [1]
    assert model.translate([], source="en", target="de") == []


def test_batches_and_their_order_change_nothing(model: Seq2seqModel) -> None:
    alone = Decoding(batch_tokens=1)
    one = model.translate(ENGLISH, source="en", target="de", decoding=alone)
    assert one == model.translate(ENGLISH, source="en", target="de")
    done: list[tuple[int, int]] = []
    model.translate(
        ENGLISH,
        source="en",
        target="de",
        decoding=alone,
        progress=lambda *state: done.append(state),
    )
    assert done[-1] == (len(ENGLISH), len(ENGLISH))


def test_long_text_is_translated_in_parts(model: Seq2seqModel) -> None:
    text = "ada saw rome . " * 40
    found = model.translate(
        [text, "rome"], source="en", target="de", decoding=Decoding(max_source_tokens=6)
    )
    assert found[0].text == " ".join(["ada sah rom ."] * 40)
    assert found[0].parts == 40
    assert found[1].parts == 1
    # the window of the model is 64 tokens, whatever is asked for
    assert model.translate([text], source="en", target="de")[0].parts >= 3


def test_a_translation_cut_off_is_marked(model: Seq2seqModel) -> None:
    short = Decoding(max_target_tokens=4)
    cut, whole = model.translate(
        ["ada saw rome .", "ada"], source="en", target="de", decoding=short
    )
    assert not cut.complete
    assert "ada sah rom .".startswith(cut.text)
    assert whole.complete


def test_special_tokens_in_a_text_are_text(model: Seq2seqModel) -> None:
    ids = model._sources(["ada </s> deu_Latn"], model._face("en", "de"))[0]
    assert ids.count(model.tokenizer.eos_token_id) == 1
    assert model.tokenizer.convert_tokens_to_ids("deu_Latn") not in ids


def test_log_probabilities_are_those_of_the_model(model: Seq2seqModel) -> None:
    import torch

    sources = ["ada saw rome .", "rome", "may", "rome in may"]
    targets = ["ada sah rom .", "rom", "ada", "mai"]
    found = model.log_probabilities(sources, targets, source="en", target="de", batch_tokens=20)
    tokenizer = model.tokenizer
    tokenizer.src_lang, tokenizer.tgt_lang = "eng_Latn", "deu_Latn"
    for source, target, value in zip(sources, targets, found, strict=True):
        both = tokenizer(source, text_target=target, return_tensors="pt")
        with torch.no_grad():
            logits = model.model(**both).logits[0]
        scores = logits.log_softmax(-1)[torch.arange(len(logits)), both["labels"][0]]
        assert value == pytest.approx(scores[1:].mean().item(), abs=1e-5)
    assert found[0] > found[2]
    assert found[1] > found[3]
    assert len(model.log_probabilities([], [], source="en", target="de")) == 0


def test_a_text_to_score_must_fit_the_window(model: Seq2seqModel) -> None:
    with pytest.raises(DataError, match="at most 64 tokens") as raised:
        model.log_probabilities(["ada " * 70], ["ada"], source="en", target="de")
    assert raised.value.code == "bad-value"


@pytest.mark.parametrize("languages", [("pcm", "en"), ("en", "pcm"), ("en", "und")])
def test_an_unknown_language_is_refused_first(
    model: Seq2seqModel, languages: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.model, "generate", None)  # would fail if it were called
    with pytest.raises(ConfigError, match="must know the language") as raised:
        model.translate(["ada"], source=languages[0], target=languages[1])
    assert raised.value.code == "unknown-language"


def test_m2m100_takes_its_own_codes(tmp_path: Path) -> None:
    save_m2m100(tmp_path, WORDS, lessons=[("sw", "ada", "zh", "rome"), ("sw", "may", "zh", "may")])
    model = load_seq2seq(ModelChoice(str(tmp_path), device="cpu"))
    direction = model.direction("swa", "zh-TW")
    assert (direction.source_code, direction.target_code) == ("sw", "zh")
    ids = model._sources(["ada"], model._face("swa", "zh"))[0]
    assert model.tokenizer.convert_ids_to_tokens(ids) == ["__sw__", "▁ada", "</s>"]
    # its tokenizer does not count the language token among the special ones
    assert [one.text for one in model.translate(["ada", "may"], source="sw", target="zh")] == [
        "rome",
        "may",
    ]
    with pytest.raises(ConfigError, match="'bm'"):
        model.direction("bm", "en")


def test_mbart_50_names_languages_with_regions() -> None:
    from transformers import MBart50Tokenizer

    from core.seq2seq.languages import find_direction

    tokenizer = MBart50Tokenizer()
    direction = find_direction("m", tokenizer, "sw", "de-AT")
    assert (direction.source_code, direction.target_code) == ("sw_KE", "de_DE")
    assert direction.first_token == tokenizer.convert_tokens_to_ids("de_DE")


def test_mbart_25_is_refused() -> None:
    from transformers import MBartTokenizer

    from core.seq2seq.languages import find_direction

    with pytest.raises(BackendError, match="mBART-50") as raised:
        find_direction("m", MBartTokenizer(), "en", "de")
    assert raised.value.code == "model-unusable"


def test_marian_translates_its_own_pair_only(tmp_path: Path) -> None:
    save_marian(tmp_path, WORDS, source="eng", target="deu")
    model = load_seq2seq(ModelChoice(str(tmp_path), device="cpu"))
    short = Decoding(max_target_tokens=5)
    found = model.translate(["ada saw rome", "may"], source="en", target="de", decoding=short)
    assert len(found) == 2
    # the end that its configuration forces at the last place does not hide the cut
    assert not any(one.complete for one in found)
    assert model.log_probabilities(["ada"], ["rome"], source="en", target="de")[0] < 0
    for languages in (("de", "en"), ("en", "nl"), ("en", "en")):
        with pytest.raises(ConfigError, match="it translates") as raised:
            model.direction(*languages)
        assert raised.value.code == "unknown-language"


def test_marian_with_several_targets_gets_a_prefix(tmp_path: Path) -> None:
    save_marian(tmp_path, WORDS, source="mul", target="gmw", prefixes=(">>deu<<", ">>nld<<"))
    model = load_seq2seq(ModelChoice(str(tmp_path), device="cpu"))
    assert model.direction("sw", "nl").prefix == ">>nld<< "
    ids = model._sources(["ada"], model._face("sw", "nl"))[0]
    assert model.tokenizer.convert_ids_to_tokens(ids)[0] == ">>nld<<"
    with pytest.raises(ConfigError, match=">>deu<<, >>nld<<"):
        model.direction("sw", "en")


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Helsinki-NLP/opus-mt-en-de", ("en", "de")),
        ("somewhere/opus-mt-tc-big-en-zls", ("en", "zls")),
        ("Helsinki-NLP/opus-mt-en-ROMANCE", ("en", "ROMANCE")),
    ],
)
def test_marian_languages_are_read_from_the_name(
    tmp_path: Path, name: str, own: tuple[str, str]
) -> None:
    from core.seq2seq.languages import _own_languages

    save_marian(tmp_path, WORDS, source="", target="")
    tokenizer = load_seq2seq(ModelChoice(str(tmp_path), device="cpu")).tokenizer
    assert _own_languages(name, tokenizer) == own
    with pytest.raises(BackendError, match="must tell its languages") as raised:
        _own_languages("mine", tokenizer)
    assert raised.value.code == "model-unusable"


def test_weights_are_loaded_in_the_precision_asked_for(folder: Path) -> None:
    import torch

    half = load_seq2seq(ModelChoice(str(folder), "bfloat16", "cpu"))
    assert {parameter.dtype for parameter in half.model.parameters()} == {torch.bfloat16}
    full = load_seq2seq(ModelChoice(str(folder), "auto", "cpu"))
    assert {parameter.dtype for parameter in full.model.parameters()} == {torch.float32}
    pairs = {"sources": ["rome"], "targets": ["rom"], "source": "en", "target": "de"}
    assert np.allclose(half.log_probabilities(**pairs), full.log_probabilities(**pairs), atol=0.05)
    assert half.translate(["rome"], source="en", target="de")[0].text == "rom"


@pytest.mark.parametrize(
    ("gpu", "precision", "device", "expected"),
    [
        (False, "auto", "auto", {"dtype": "float32"}),
        (False, "bfloat16", "auto", {"dtype": "bfloat16"}),
        (True, "auto", "auto", {"dtype": "bfloat16", "device_map": "cuda"}),
        (True, "float32", "cuda", {"dtype": "float32", "device_map": "cuda"}),
        (True, "auto", "cpu", {"dtype": "float32"}),
    ],
)
def test_weights_go_straight_to_their_place(
    monkeypatch: pytest.MonkeyPatch,
    gpu: bool,
    precision: Precision,
    device: Device,
    expected: dict[str, str],
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
    options = loading._options(ModelChoice("m", precision, device))
    assert {**options, "dtype": str(options["dtype"]).removeprefix("torch.")} == expected


def test_int8_is_left_to_bitsandbytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "find_missing", lambda packages: ())
    options = loading._options(ModelChoice("m", "int8"))
    assert options["quantization_config"].load_in_8bit


def test_int8_without_bitsandbytes_says_what_to_install(folder: Path) -> None:
    if importlib.util.find_spec("bitsandbytes"):
        pytest.skip("bitsandbytes is installed")
    with pytest.raises(BackendError, match="bitsandbytes") as raised:
        load_seq2seq(ModelChoice(str(folder), "int8"))
    assert raised.value.code == "missing-package"
    assert "pip install bitsandbytes" in raised.value.hint


def test_a_gpu_that_is_not_there_is_refused(folder: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.raises(ConfigError, match="no GPU"):
        load_seq2seq(ModelChoice(str(folder), device="cuda"))


def test_a_missing_package_of_the_tokenizer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import transformers

    def fail(name: str) -> None:
        raise ImportError("requires the SentencePiece library")

    save_marian(tmp_path, WORDS, source="en", target="de")
    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", fail)
    with pytest.raises(BackendError, match="SentencePiece") as raised:
        load_seq2seq(ModelChoice(str(tmp_path)))
    assert raised.value.code == "missing-package"


def test_what_is_no_translation_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(BackendError) as raised:
        load_seq2seq(ModelChoice(str(tmp_path / "none")))
    assert raised.value.code == "model-not-found"
    save_tagger(tmp_path, WORDS, ["O", "B-PER"])
    with pytest.raises(BackendError, match="sequence-to-sequence") as raised:
        load_seq2seq(ModelChoice(str(tmp_path)))
    assert raised.value.code == "model-unusable"


def test_too_little_memory_is_told_with_a_hint(
    model: Seq2seqModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    def fail(**options: Any) -> None:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(model.model, "generate", fail)
    with pytest.raises(BackendError, match="memory") as raised:
        model.translate(["ada"], source="en", target="de")
    assert "batch_tokens" in raised.value.hint
    assert raised.value.code == "no-room"


def test_a_model_is_loaded_once_and_released(folder: Path) -> None:
    choice = ModelChoice(str(folder), device="cpu")
    first = load_seq2seq(choice)
    assert load_seq2seq(choice) is first
    held = weakref.ref(first.model)
    del first
    release_seq2seq()
    gc.collect()
    assert held() is None


def _fits(length: int) -> Any:
    return lambda text: len(text) <= length


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("Short.", 10, ["Short."]),
        ("One two. Three four. Five.", 20, ["One two. Three four.", "Five."]),
        ("It cost 3.50 in all. Yes.", 20, ["It cost 3.50 in all.", "Yes."]),
        ("one, two three, four", 12, ["one,", "two three,", "four"]),
        ("one two three", 8, ["one two", "three"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("我们走。你来吗?好!", 4, ["我们走。", "你来吗?", "好!"]),
        ("e\u0301e\u0301", 2, ["e\u0301", "e\u0301"]),
        ("e\u0301", 1, ["e\u0301"]),
    ],
)
def test_text_is_cut_at_the_best_places(text: str, length: int, expected: list[str]) -> None:
    assert split_to_fit(text, _fits(length)) == expected
    assert "".join("".join(expected).split()) == "".join(text.split())


def test_batches_hold_at_most_so_many_tokens() -> None:
    sizes = [3, 9, 1, 4, 4, 2]
    found = list(batches(sizes, 8))
    assert found == [[1], [3, 4], [0, 5], [2]]
    assert list(batches([], 8)) == []


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("facebook/nllb-200-distilled-600M", "CC-BY-NC 4.0"),
        ("/models/NLLB-200-3.3B", "CC-BY-NC 4.0"),
        ("facebook/m2m100_418M", "MIT"),
        ("mine", ""),
    ],
)
def test_licences_by_name(model: str, expected: str) -> None:
    assert licence(model) == expected


def test_a_folder_says_its_own_licence(tmp_path: Path) -> None:
    card = "---\nlanguage:\n- en\nlicense: cc-by-4.0\ntags:\n- translation\n---\n\n# Model\n"
    (tmp_path / "README.md").write_text(card)
    assert licence(str(tmp_path)) == "cc-by-4.0"
    (tmp_path / "README.md").write_text("# Model\n\nlicense: none of our business\n")
    assert licence(str(tmp_path)) == ""
