"""Tables of the store as they are today; `core.store.migrations` makes them."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

# What PostgreSQL takes in no text, and no encoding: NUL and halves of letters.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


class Line(TypeDecorator[str]):
    """Short text that every database takes; what none keeps becomes a replacement character."""

    impl: type[String] = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:  # noqa: ARG002
        """Return what is written."""
        return None if value is None else _UNWRITABLE.sub("\ufffd", value)


class Prose(Line):
    """The same of any length."""

    impl = Text
    cache_ok = True


METADATA = MetaData()

# Times are ISO 8601 in UTC with microseconds: they sort as text, and mean the same everywhere.
_TIME = Line(32)

MIGRATED = Table(
    "migrations",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Line(80), nullable=False),
    Column("at", _TIME, nullable=False),
)
PEOPLE = Table(
    "people",
    METADATA,
    Column("name", Line(120), primary_key=True),
    Column("role", Line(20), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("by", Line(120), nullable=False),
)
PROJECTS = Table(
    "projects",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Line(120), nullable=False, unique=True),
    Column("source_language", Line(40), nullable=False),
    Column("target_language", Line(40), nullable=False),
    Column("corpus", Prose, nullable=False),  # what signatures call it
    Column("reviewers", Integer, nullable=False),  # independent answers a sentence
    Column("sentences", Integer, nullable=False),
    Column("note", Prose, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("by", Line(120), nullable=False),
)
SENTENCES = Table(
    "sentences",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("project", Integer, ForeignKey("projects.id"), nullable=False),
    Column("place", Integer, nullable=False),  # from 0
    Column("pair", LargeBinary, nullable=False),
    Column("assigned", Line(120)),  # to whom alone it is shown
    UniqueConstraint("project", "place"),
    Index("sentences_assigned", "project", "assigned"),  # the rows themselves are large
)
RUNS = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("project", Integer, ForeignKey("projects.id"), nullable=False),
    Column("name", Line(120), nullable=False),
    Column("config", Prose, nullable=False),  # JSON; empty for a run from a file
    Column("signature", Prose, nullable=False),
    Column("labels", Prose, nullable=False),  # JSON
    Column("complete", Boolean, nullable=False),  # whether every sentence has its trace
    Column("at", _TIME, nullable=False),
    Column("by", Line(120), nullable=False),
    UniqueConstraint("project", "name"),
)
LAUNCHES = Table(
    "launches",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("root", Prose, nullable=False),  # the runs folder
    Column("run", Line(120), nullable=False),  # its folder in it
    Column("name", Line(120), nullable=False),
    Column("task", Line(40), nullable=False),
    Column("words", Prose, nullable=False),  # JSON, like the next two
    Column("config", Prose, nullable=False),
    Column("data", Prose, nullable=False),
    Column("seed", BigInteger),
    Column("version", Line(40), nullable=False),
    Column("state", Line(20), nullable=False),
    Column("reason", Prose, nullable=False),
    Column("asked", _TIME, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("result", Prose, nullable=False),  # JSON; empty until it is done
    Column("by", Line(120), nullable=False),
    Column("pinned_by", Line(120), nullable=False),
    UniqueConstraint("root", "run"),
)
TRACES = Table(
    "traces",
    METADATA,
    Column("run", Integer, ForeignKey("runs.id"), primary_key=True),
    Column("sentence", Integer, ForeignKey("sentences.id"), primary_key=True),
    Column("outcome", LargeBinary, nullable=False),  # without matrices, for lists
    Column("projection", LargeBinary, nullable=False),  # whole
)
BATCHES = Table(
    "batches",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("project", Integer, ForeignKey("projects.id"), nullable=False),
    Column("kind", Line(20), nullable=False),
    Column("description", Prose, nullable=False),
    Column("reviewer", Line(120), nullable=False),
    Column("at", _TIME, nullable=False),
)
DECISIONS = Table(
    "decisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("sentence", Integer, ForeignKey("sentences.id"), nullable=False),
    Column("track", Line(120), nullable=False),
    Column("version", Integer, nullable=False),  # from 1 in its track
    Column("kind", Line(20), nullable=False),
    Column("reviewer", Line(120), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("answer", Prose, nullable=False),  # JSON: what it led to
    Column("batch", Integer, ForeignKey("batches.id")),
    Column("undoes", Integer, ForeignKey("decisions.id")),
    # Two people who decide on the same version get the same number: the second is refused.
    UniqueConstraint("sentence", "track", "version"),
    Index("decisions_by_batch", "batch"),
)
STATES = Table(
    "states",
    METADATA,
    Column("sentence", Integer, ForeignKey("sentences.id"), primary_key=True),
    Column("track", Line(120), primary_key=True),
    Column("project", Integer, ForeignKey("projects.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("decision", Integer, ForeignKey("decisions.id"), nullable=False),
    Column("status", Line(20), nullable=False),
    Column("reviewer", Line(120), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("bulk", Boolean, nullable=False),  # decided in bulk, not one by one
    Index("states_of_project", "project"),
)
HOLDS = Table(
    "holds",
    METADATA,
    Column("sentence", Integer, ForeignKey("sentences.id"), primary_key=True),
    Column("slot", Integer, primary_key=True),
    Column("project", Integer, ForeignKey("projects.id"), nullable=False),
    Column("reviewer", Line(120), nullable=False),
    Column("until", Float, nullable=False),  # seconds since 1970
    UniqueConstraint("sentence", "reviewer"),
    Index("holds_of_reviewer", "project", "reviewer"),
)
