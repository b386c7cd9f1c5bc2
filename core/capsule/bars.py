"""The terms of a decision's score as small bars: what was chosen above what came second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.capsule.markup import Html, tag
from core.types import Candidate, Decision, Projection

# The style sheet has colours t0 to t5.
_COLOURS = 6
# A bar is drawn in a box of this many units, whatever its width on the page.
_UNITS = 1000


def term_legend(terms: Sequence[str], weights: Mapping[str, float]) -> Html:
    """Say which colour is which term, and what it weighs; nothing where there are no terms."""
    if not terms:
        return Html()
    entries = (
        tag(
            "li",
            tag("span", class_="swatch", data_term=f"t{place % _COLOURS}"),
            name if weights[name] == 1 else f"{name} × {weights[name]:g}",
        )
        for place, name in enumerate(terms)
    )
    return tag("ul", *entries, class_="legend", aria_label="Terms of the score")


def term_bars(projection: Projection, place: int) -> Html:
    """Draw a decision's winner and runner-up, on the scale of the sentence's best score.

    Args:
        projection: the projection that the decision belongs to.
        place: of the decision in it.
    """
    scores = projection.trace.scores
    decision = projection.decisions[place]
    if scores is None or not scores.terms or decision.candidate is None:
        return Html()
    most = max((max(one.score, one.runner_up_score) for one in projection.decisions), default=0.0)
    rows = [("chosen", decision.terms, decision.score)]
    if decision.runner_up is not None:
        terms = _terms_of(projection, decision, decision.runner_up)
        rows.append(("runner-up", terms, decision.runner_up_score))
    return tag(
        "div",
        *(_row(name, terms, scores.weights, total, most or 1.0) for name, terms, total in rows),
        class_="bars",
    )


def _terms_of(
    projection: Projection, decision: Decision, candidate: Candidate
) -> Mapping[str, float]:
    scores = projection.trace.scores
    places = {(one.start, one.end): at for at, one in enumerate(projection.trace.candidates)}
    column = places.get((candidate.start, candidate.end))
    if scores is None or column is None:
        return {}
    return {
        name: float(values[decision.entity, column])
        for name, values in scores.terms.items()
        if decision.entity < values.shape[0] and column < values.shape[1]
    }


def _row(
    name: str, terms: Mapping[str, float], weights: Mapping[str, float], total: float, most: float
) -> Html:
    left = 0.0
    pieces: list[Html] = []
    for place, (term, weight) in enumerate(weights.items()):
        width = max(weight * terms.get(term, 0.0), 0.0) / most * _UNITS
        pieces.append(
            tag(
                "rect",
                x=f"{left:.0f}",
                width=f"{width:.0f}",
                height="10",
                data_term=f"t{place % _COLOURS}",
            )
        )
        left += width
    told = ", ".join(f"{term} {terms[term]:.2f}" for term in weights if term in terms)
    bar = tag(
        "svg",
        *pieces,
        viewBox=f"0 0 {_UNITS} 10",
        preserveAspectRatio="none",
        role="img",
        aria_label=f"{name}: {told or 'terms not kept'}",
    )
    return tag(
        "div", tag("span", name, class_="bar-name"), bar, tag("span", f"{total:.2f}"), class_="bar"
    )
