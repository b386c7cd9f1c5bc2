"""Our aligner against the `simalign` package: same model, same layer, same sentences, one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from core.aligners.simalign import SimAlign
from core.bench.timing import Race, in_turns
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
    """Compare speed and links, in full and in reduced precision.

    Two races: the package as it comes, which computes its three matchings, against our three; and
    both with itermax alone.

    Args:
        pairs: sentences to align.
        repeats: timed runs of each variant.

    Returns:
        `ratio` (all matchings) and `ratio_itermax`: how many times more pairs per second ours
        aligns; `identical_links`: pairs with the same links under every matching; `pairs`; and the
        pairs per second behind the ratios. The same with `int8` for our reduced precision, and
        under `int8_links` for each matching which share of its links full precision has
        (`precision`), and the other way round (`recall`).

    Raises:
        BackendError: the package is not installed.
    """
    if find_missing(("simalign",)):
        raise BackendError(
            "this benchmark needs the package simalign",
            code="missing-package",
            hint="pip install simalign==0.4",
        )
    full, coarse = Encoder(layer=_LAYER), Encoder(layer=_LAYER, precision="int8")
    package, links = _package(tuple(_MATCHINGS)), _ours(full, pairs, tuple(_MATCHINGS))
    return {
        **_speed("", full, coarse, pairs, tuple(_MATCHINGS), package, repeats),
        **_speed("_itermax", full, coarse, pairs, ("itermax",), _package(("itermax",)), repeats),
        "identical_links": _identical(links, _theirs(package, pairs)),
        "int8_links": _agreement(_ours(coarse, pairs, tuple(_MATCHINGS)), links),
        "pairs": len(pairs),
        "repeats": repeats,
    }


def _speed(
    suffix: str,
    full: Encoder,
    coarse: Encoder,
    pairs: Sequence[SentencePair],
    matchings: tuple[str, ...],
    package: Any,
    repeats: int,
) -> dict[str, float]:
    """Race both our precisions against the package; `suffix` ends the names of the figures."""
    ours, reduced, theirs = in_turns(
        (
            lambda: _ours(full, pairs, matchings),
            lambda: _ours(coarse, pairs, matchings),
            lambda: _theirs(package, pairs),
        ),
        repeats=repeats,
    )
    return {
        f"ratio{suffix}": round(Race(ours, theirs).ratio, 2),
        f"ratio_int8{suffix}": round(Race(reduced, theirs).ratio, 2),
        f"pairs_per_second{suffix}": round(len(pairs) / min(ours), 1),
        f"pairs_per_second_int8{suffix}": round(len(pairs) / min(reduced), 1),
        f"simalign_pairs_per_second{suffix}": round(len(pairs) / min(theirs), 1),
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


def _agreement(
    coarse: dict[str, list[Alignment]], full: dict[str, list[Alignment]]
) -> dict[str, dict[str, float]]:
    shares = {}
    for name in full:
        pairs = list(zip(coarse[name], full[name], strict=True))
        both = sum(len({*ours.links} & {*theirs.links}) for ours, theirs in pairs)
        shares[name] = {
            "precision": round(both / max(sum(len(ours.links) for ours, _ in pairs), 1), 4),
            "recall": round(both / max(sum(len(theirs.links) for _, theirs in pairs), 1), 4),
        }
    return shares
