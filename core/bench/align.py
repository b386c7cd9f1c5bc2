"""Our aligner against the `simalign` package: same model, same layer, same sentences, one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from core.aligners.simalign import SimAlign
from core.bench.timing import race
from core.encoders import Encoder, bundled
from core.errors import BackendError
from core.registry import find_missing
from core.stages import encode_pairs
from core.types import Alignment, SentencePair

# Our names of the package's matchings, and its letters for them; "mai" is its default.
_MATCHINGS: Final = {"match": "m", "argmax": "a", "itermax": "i"}
_THEIR_NAMES: Final = {"match": "mwmf", "argmax": "inter", "itermax": "itermax"}
_LAYER = 6

Links = list[tuple[int, int]]


def bench_align(pairs: Sequence[SentencePair], *, repeats: int) -> dict[str, Any]:
    """Compare speed and links.

    Two races: the package as it comes, which computes its three matchings, against our three; and
    both with itermax alone.

    Args:
        pairs: sentences to align.
        repeats: timed runs of each variant.

    Returns:
        `ratio` (all matchings) and `ratio_itermax`: how many times more pairs per second ours
        aligns; `identical_links`: pairs with the same links under every matching; `pairs`; and the
        pairs per second behind the ratios.

    Raises:
        BackendError: the package is not installed.
    """
    if find_missing(("simalign",)):
        raise BackendError(
            "this benchmark needs the package simalign",
            code="missing-package",
            hint="pip install simalign==0.4",
        )
    encoder = Encoder(layer=_LAYER)
    all_three = tuple(_MATCHINGS)
    theirs_all, theirs_one = _package(all_three), _package(("itermax",))
    everything = race(
        lambda: _ours(encoder, pairs, all_three),
        lambda: _theirs(theirs_all, pairs),
        repeats=repeats,
        warm_up=False,
    )
    itermax = race(
        lambda: _ours(encoder, pairs, ("itermax",)),
        lambda: _theirs(theirs_one, pairs),
        repeats=repeats,
    )
    same = _identical(_ours(encoder, pairs, all_three), _theirs(theirs_all, pairs))
    return {
        "ratio": round(everything.ratio, 2),
        "ratio_itermax": round(itermax.ratio, 2),
        "identical_links": same,
        "pairs": len(pairs),
        "repeats": repeats,
        "pairs_per_second": round(len(pairs) / min(everything.ours), 1),
        "pairs_per_second_itermax": round(len(pairs) / min(itermax.ours), 1),
        "simalign_pairs_per_second": round(len(pairs) / min(everything.theirs), 1),
        "simalign_pairs_per_second_itermax": round(len(pairs) / min(itermax.theirs), 1),
    }


def _package(matchings: Sequence[str]) -> Any:
    import logging

    logging.getLogger("simalign").setLevel(logging.WARNING)
    from simalign import SentenceAligner
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    return SentenceAligner(
        model=str(bundled.unpack()),
        token_type="bpe",  # noqa: S106 - a unit of text, not a secret
        matching_methods="".join(_MATCHINGS[matching] for matching in matchings),
        layer=_LAYER,
    )


def _theirs(package: Any, pairs: Sequence[SentencePair]) -> list[dict[str, Links]]:
    return [
        package.get_word_aligns(list(pair.source.words), list(pair.target.words)) for pair in pairs
    ]


def _ours(
    encoder: Encoder, pairs: Sequence[SentencePair], matchings: Sequence[str]
) -> dict[str, list[Alignment]]:
    vectors = encode_pairs(encoder, pairs, lambda _stage, _done, _total: None)
    return {
        name: SimAlign(matching=name).align(pairs, vectors)  # type: ignore[arg-type]
        for name in matchings
    }


def _identical(ours: dict[str, list[Alignment]], theirs: list[dict[str, Links]]) -> int:
    return sum(
        all(
            [(link.source, link.target) for link in ours[name][index].links]
            == sorted(their[_THEIR_NAMES[name]])
            for name in ours
        )
        for index, their in enumerate(theirs)
    )
