"""Names of languages."""

from __future__ import annotations

import pytest

from core.text.languages import LANGUAGE_NAMES, describe_language, find_language

# XTREME's PAN-X (Hu et al. 2020, table 1) and MasakhaNER 2.0 (Adelani et al. 2022, table 1).
PAN_X = (
    "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw "
    "ta te th tl tr ur vi yo zh"
)
MASAKHANER_2 = "bam bbj ewe fon hau ibo kin lug luo mos nya pcm sna swa tsn twi wol xho yor zul"


@pytest.mark.parametrize("code", [*PAN_X.split(), *MASAKHANER_2.split()])
def test_every_language_of_the_usual_corpora_has_a_name(code: str) -> None:
    assert describe_language(code).endswith(f" ({code})")


def test_both_corpora_are_complete() -> None:
    assert (len(PAN_X.split()), len(MASAKHANER_2.split())) == (40, 20)


def test_names_are_sorted_by_code_and_lead_back() -> None:
    assert list(LANGUAGE_NAMES) == sorted(LANGUAGE_NAMES)
    assert all(find_language(name) == code for code, name in LANGUAGE_NAMES.items())
