"""The bundled tagger: PER, LOC and ORG in any language the bundled encoder knows, offline.

assets/tagger/README.md is its model card; `python -m core train` makes it anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.labellers import LABELLERS
from core.labellers.token_classifier import TokenClassifier


@dataclass(frozen=True)
class Default(TokenClassifier):
    """The tagger that comes with Spanbridge; needs no download."""


LABELLERS.register(Default)
