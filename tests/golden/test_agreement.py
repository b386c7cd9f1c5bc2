"""Kappas and alpha against scikit-learn 1.9.1, statsmodels 0.14.5 and krippendorff 0.9.0."""

from __future__ import annotations

from itertools import combinations

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from core.evaluate.coefficients import (
    MISSING,
    cohen_kappa,
    count_classes,
    fleiss_kappa,
    krippendorff_alpha,
)

NONE, PER, LOC, ORG = range(4)
FIRST = (NONE, NONE, PER, PER, NONE, LOC, NONE, NONE, ORG, ORG)
SECOND = (NONE, NONE, PER, NONE, NONE, LOC, LOC, NONE, LOC, LOC)
THIRD = (NONE, PER, PER, PER, NONE, LOC, NONE, NONE, ORG, NONE)
RATERS = np.array([FIRST, SECOND, THIRD])

# python -c "from sklearn.metrics import cohen_kappa_score; print(cohen_kappa_score(FIRST, SECOND))"
# with scikit-learn 1.9.1, for each two in order.
COHEN = (0.42028985507246375, 0.696969696969697, 0.2647058823529411)
# The same over the words that at least one of the first two marked.
COHEN_MARKED = 0.17241379310344818
# python -c "from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa;
# print(fleiss_kappa(aggregate_raters(RATERS.T)[0]))" with statsmodels 0.14.5.
FLEISS = 0.4444444444444443
# python -c "import krippendorff;
# print(krippendorff.alpha(RATERS, level_of_measurement='nominal'))" with krippendorff 0.9.0.
ALPHA = 0.462962962962963

# 14 raters, 10 subjects, 5 classes: the worked example of the textbooks, .210; the same command.
TEXTBOOK = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]
TEXTBOOK_FLEISS = 0.20993070442195522
# Fleiss 1971, table 1: 6 psychiatrists, 30 patients, 5 diagnoses; the paper and the R package irr
# (kappam.fleiss, 0.4302445) give .430. Each string is how many chose each diagnosis.
DIAGNOSES = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 "
    "10050 11040 03300 10050 02031 00501 30012 51000 02040 10203 "
    "00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
# Krippendorff 2011, section C: 4 observers, 12 units; the paper gives .743.
OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def test_cohen_kappa() -> None:
    for (one, other), value in zip(combinations(RATERS, 2), COHEN, strict=True):
        assert cohen_kappa(one, other) == pytest.approx(value, abs=1e-15)
        assert cohen_kappa_score(one, other) == pytest.approx(value, abs=1e-15)
    marked = (RATERS[0] != NONE) | (RATERS[1] != NONE)
    assert cohen_kappa(RATERS[0][marked], RATERS[1][marked]) == pytest.approx(COHEN_MARKED)


def test_fleiss_kappa() -> None:
    assert fleiss_kappa(count_classes(RATERS)) == pytest.approx(FLEISS, abs=1e-15)
    assert fleiss_kappa(np.array(TEXTBOOK)) == pytest.approx(TEXTBOOK_FLEISS, abs=1e-15)
    table = np.array([[int(count) for count in row] for row in DIAGNOSES.split()])
    assert table.sum(axis=1).tolist() == [6] * 30
    assert fleiss_kappa(table) == pytest.approx(0.4302445, abs=5e-8)


def test_krippendorff_alpha() -> None:
    assert krippendorff_alpha(count_classes(RATERS)) == pytest.approx(ALPHA, abs=1e-15)
    codes = np.array([[MISSING if one == "." else int(one) for one in row] for row in OBSERVERS])
    found = krippendorff_alpha(count_classes(codes))
    assert found == pytest.approx(0.743, abs=5e-4)
    with_gaps = np.where(codes == MISSING, np.nan, codes)
    peer = krippendorff.alpha(with_gaps, level_of_measurement="nominal")
    assert found == pytest.approx(peer, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_random_ratings_with_gaps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(MISSING, 4, size=(4, 60))
    with_gaps = np.where(codes == MISSING, np.nan, codes)
    peer = krippendorff.alpha(with_gaps, level_of_measurement="nominal")
    assert krippendorff_alpha(count_classes(codes)) == pytest.approx(peer, abs=1e-12)
    one, other = rng.integers(0, 4, size=(2, 60))
    assert cohen_kappa(one, other) == pytest.approx(cohen_kappa_score(one, other), abs=1e-12)
