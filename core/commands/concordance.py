"""`concordance`: every place where a word or an entity was linked to what, with counts."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from core.commands import Outcome
from core.commands.options import (
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.errors import ConfigError
from core.overview.concordance import Concordance, ConcordanceIndex, Occurrence, words_text
from core.overview.outcomes import CorpusRun, run_corpus

# Places that are shown of each translation; --json has all of them.
_SHOWN = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_corpus_arguments(parser)
    add_method_arguments(parser)
    parser.add_argument("--word", help="a word, or words in a row; case does not matter")
    parser.add_argument("--entity", help="the whole text of an entity")
    parser.add_argument(
        "--side",
        choices=("source", "target"),
        default="source",
        help="sentences to look in (default: source)",
    )


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Project a corpus and look a word or an entity up.

    Raises:
        SpanbridgeError: nothing or both were asked for, the corpus cannot be read, or the method
            cannot run.
    """
    if (options.word is None) == (options.entity is None):
        raise ConfigError("a concordance needs --word or --entity, one of them", code="bad-config")
    config = config_from(options)
    corpus = pairs_from(options)
    found = run_corpus(config, corpus.pairs, progress=bars.of("project"), corpus=corpus.name)
    answer = ConcordanceIndex(found).find(
        options.entity if options.word is None else options.word,
        side=options.side,
        unit="entity" if options.word is None else "word",
    )
    data = {
        "signature": found.signature,
        "query": answer.query,
        "side": answer.side,
        "unit": answer.unit,
        "total": answer.total,
        "translations": [
            {
                "text": one.text,
                "count": len(one.places),
                "places": [_place(found, place) for place in one.places],
            }
            for one in answer.translations
        ],
        "unlinked": [_place(found, place) for place in answer.unlinked],
        "skipped": len(corpus.bad),
    }
    return Outcome(data, "\n".join([*_lines(found, answer), *skipped_lines(corpus.bad)]))


def _place(run: CorpusRun, place: Occurrence) -> dict[str, object]:
    pair = run.outcomes[place.number - 1].pair
    return {
        "number": place.number,
        "id": pair.id,
        "source": pair.source.text,
        "source_words": list(place.source),
        "target": pair.target.text,
        "target_words": list(place.target),
        "failed": place.failed,
    }


def _lines(run: CorpusRun, answer: Concordance) -> list[str]:
    lines = [run.signature, "", f"“{answer.query}” in {answer.side}: {answer.total} places"]
    for one in answer.translations:
        lines.append(f"{len(one.places):6}  {one.text}")
        lines += _contexts(run, one.places)
    if answer.unlinked:
        lines.append(f"{len(answer.unlinked):6}  linked to nothing")
        lines += _contexts(run, answer.unlinked)
    return lines


def _contexts(run: CorpusRun, places: Sequence[Occurrence]) -> list[str]:
    lines = []
    for place in places[:_SHOWN]:
        pair = run.outcomes[place.number - 1].pair
        note = "  (failed)" if place.failed else ""
        here = words_text(pair.source, place.source) or "–"
        lines.append(f"          {place.number}  [{here}]  {pair.source.text}{note}")
    more = len(places) - len(lines)
    return [*lines, *([f"          … and {more} more"] if more else [])]
