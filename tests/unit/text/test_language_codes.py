"""Language codes and what models call them."""

from __future__ import annotations

import pytest

from core.text.language_codes import (
    find_code,
    flores_code,
    is_same_language,
    language_names,
)

PANX = """
af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw
ta te th tl tr ur vi yo zh
"""
MASAKHANER2 = """
bam ewe fon hau ibo kin lug luo mos nya sna swa tsn twi wol xho yor zul
bm ee ha ig rw lg ny sn sw tn tw wo xh yo zu
"""
EUROPEAN = "hr sr bs sl mk is ca gl ro uk cs sk pl da sv nb nn no lt lv sq mt ga cy"


def _nllb() -> list[str]:
    from transformers.models.nllb import tokenization_nllb

    return list(tokenization_nllb.FAIRSEQ_LANGUAGE_CODES)


@pytest.mark.parametrize("language", f"{PANX} {MASAKHANER2} {EUROPEAN}".split())
def test_nllb_knows_the_languages_of_the_corpora(language: str) -> None:
    assert flores_code(language) in _nllb()
    assert find_code(language, _nllb()) == flores_code(language)


def test_every_language_of_nllb_is_in_the_table() -> None:
    assert [code for code in _nllb() if flores_code(code) != code] == []
    # by its bare ISO 639-3 code too, where it is written in one script
    bases = [code.partition("_")[0] for code in _nllb()]
    single = [code for code in _nllb() if bases.count(code.partition("_")[0]) == 1]
    assert [code for code in single if flores_code(code.partition("_")[0]) != code] == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "eng_Latn"),
        ("en-GB", "eng_Latn"),
        ("pt_BR", "por_Latn"),
        ("sw", "swh_Latn"),
        ("lg", "lug_Latn"),
        ("ee", "ewe_Latn"),
        ("zh", "zho_Hans"),
        ("zh-Hant", "zho_Hant"),
        ("zh-TW", "zho_Hant"),
        ("zh-CN", "zho_Hans"),
        ("ks-Deva", "kas_Deva"),
        ("EST", "est_Latn"),
        ("pcm", None),
        ("bbj", None),
        ("sr-Latn", None),
        ("und", None),
    ],
)
def test_flores_codes(language: str, expected: str | None) -> None:
    assert flores_code(language) == expected


@pytest.mark.parametrize(
    ("language", "known", "expected"),
    [
        ("sw", ["en", "sw"], "sw"),
        ("swa", ["en", "sw"], "sw"),
        ("nb", ["no"], "no"),
        ("zh-Hant", ["zh"], "zh"),
        ("de", ["en_XX", "de_DE"], "de_DE"),
        ("tl", ["tl_XX"], "tl_XX"),
        ("de", [">>nld<<", ">>deu<<"], ">>deu<<"),
        ("zh", [">>cmn_Hant<<", ">>cmn_Hans<<"], ">>cmn_Hans<<"),
        ("zh-TW", [">>cmn_Hans<<", ">>cmn_Hant<<"], ">>cmn_Hant<<"),
        ("sr", ["srp_Latn"], "srp_Latn"),
        ("sr-Latn", ["srp_Cyrl"], None),
        ("bem", ["bem_Latn"], "bem_Latn"),
        ("qaa", ["__qaa__"], "__qaa__"),
        ("pcm", ["en", "sw"], None),
    ],
)
def test_a_models_own_codes_are_found(
    language: str, known: list[str], expected: str | None
) -> None:
    assert find_code(language, known) == expected


def test_names_of_one_language_are_the_same() -> None:
    assert language_names("fas") == language_names("fa-IR")
    assert is_same_language("nor", "nb")
    assert not is_same_language("nn", "nb")
    assert not is_same_language("xx", "yy")
