"""What reviewers are told while many of them work, to be compared with the log afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.store.database import Store
from core.store.projects import Project


@dataclass
class Ledger:
    """What reviewers are told while they work.

    Attributes:
        has: who has which sentence.
        saved: sentence and version of every decision that was said to be saved.
        double: how often a sentence was given to somebody while another had it.
        seconds: how long saving took, of every decision.
        claims: how long taking a sentence took.
        pages: how long it took from the key to the next sentence on a page.
    """

    has: dict[int, str] = field(default_factory=dict)
    saved: list[tuple[int, int]] = field(default_factory=list)
    double: int = 0
    seconds: list[float] = field(default_factory=list)
    claims: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def take(self, sentence: int, reviewer: str, seconds: float) -> None:
        """Note that somebody was given a sentence."""
        with self._turn:
            self.double += self.has.setdefault(sentence, reviewer) != reviewer
            self.claims.append(seconds)

    def save(self, sentence: int, version: int, seconds: float) -> None:
        """Note that a decision was said to be saved; its sentence may go to others now."""
        with self._turn:
            self.saved.append((sentence, version))
            self.seconds.append(seconds)
            self.has.pop(sentence, None)

    def leave(self, sentence: int) -> None:
        """Note that somebody is about to let a sentence go."""
        with self._turn:
            self.has.pop(sentence, None)

    def note_page(self, sentence: int, version: int, seconds: float) -> None:
        """Note a decision that was made on a page, once."""
        with self._turn:
            if (sentence, version) not in self.saved:
                self.saved.append((sentence, version))
                self.pages.append(seconds)


Reviewer = Callable[[Store, Project, Sequence[int], Ledger, float], None]
"""Reviews a project's sentences until a time (of `time.monotonic`), and notes it in the ledger."""
