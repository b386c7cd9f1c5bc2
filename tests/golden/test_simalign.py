"""Our matchings on fixed matrices against the links of the simalign package.

Tool: simalign 0.4. Command: SentenceAligner.get_alignment_matrix, .iter_max and
.get_max_weight_match, static functions on a similarity matrix.
"""

from __future__ import annotations

import numpy as np
import pytest

from core.aligners.simalign import _best_matching, _distort, itermax

# Printed by the package for np.random.default_rng(7).random((5, 6)).
ITERMAX_5_BY_6 = [(0, 5), (1, 2), (2, 4), (3, 1), (4, 3)]
ARGMAX_5_BY_6 = [(2, 4), (3, 1), (4, 3)]
MATCH_5_BY_6 = [(0, 5), (1, 2), (2, 4), (3, 1), (4, 3)]


def _links(matrix: np.ndarray) -> list[tuple[int, int]]:
    return [(int(i), int(j)) for i, j in zip(*np.nonzero(matrix), strict=True)]


def test_literal_values() -> None:
    similarity = np.random.default_rng(7).random((5, 6)).astype(np.float32)
    assert _links(itermax(similarity, rounds=2)) == ITERMAX_5_BY_6
    assert _links(itermax(similarity, rounds=1)) == ARGMAX_5_BY_6
    assert _links(_best_matching(similarity)) == MATCH_5_BY_6


@pytest.mark.parametrize("seed", range(40))
def test_random_matrices_against_the_package(seed: int) -> None:
    aligner = pytest.importorskip("simalign").SentenceAligner
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 14, size=2))
    similarity = rng.random(shape).astype(np.float32)
    forward, backward = aligner.get_alignment_matrix(similarity)
    assert _links(itermax(similarity, rounds=1)) == _links(forward * backward)
    assert _links(itermax(similarity, rounds=2)) == _links(aligner.iter_max(similarity))
    for rounds in (3, 4):
        theirs = aligner.iter_max(similarity, max_count=rounds)
        assert _links(itermax(similarity, rounds=rounds)) == _links(theirs)
    assert _links(_best_matching(similarity)) == _links(aligner.get_max_weight_match(similarity))
    distorted = aligner.apply_distortion(similarity, 0.5)
    assert np.allclose(_distort(similarity, 0.5), distorted, atol=1e-6)
