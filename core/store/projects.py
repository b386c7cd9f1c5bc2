"""Projects: a corpus that is reviewed, with its languages and how many answers a sentence wants."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from sqlalchemy import Connection, Row, bindparam, select
from sqlalchemy.exc import IntegrityError

from core.errors import DataError, StoreError
from core.packing import pack, unpack
from core.store.database import Store, now
from core.store.people import Actor, as_kept, check_name, require
from core.store.schema import PROJECTS, SENTENCES
from core.types import Sentence, SentencePair

MOST_SENTENCES = 200_000
MOST_REVIEWERS = 9
LONGEST_LANGUAGE = 40


@dataclass(frozen=True, slots=True)
class Project:
    """A corpus under review.

    Attributes:
        id: number in the store.
        name: as people call it.
        source_language: BCP-47.
        target_language: BCP-47.
        corpus: what signatures call the corpus.
        reviewers: how many people answer every sentence, each without seeing the others; 1 is one
            answer that all share.
        sentences: how many.
        note: for people.
        at: when it was made, UTC.
        by: who made it.
    """

    id: int
    name: str
    source_language: str
    target_language: str
    corpus: str
    reviewers: int
    sentences: int
    note: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence of a project.

    Attributes:
        id: number in the store.
        place: in the corpus, from 0.
        pair: the sentences.
        assigned: to whom alone it is shown; None for anybody.
    """

    id: int
    place: int
    pair: SentencePair
    assigned: str | None


def create_project(
    store: Store,
    actor: Actor,
    name: str,
    pairs: Sequence[SentencePair],
    *,
    corpus: str,
    reviewers: int = 1,
    note: str = "",
) -> Project:
    """Keep a corpus as a project, whole or not at all.

    Args:
        store: where.
        actor: who makes it.
        name: of the project, not in use yet.
        pairs: the corpus.
        corpus: what signatures call it.
        reviewers: answers a sentence wants.
        note: for people.

    Raises:
        DataError: an empty or too large corpus, a bad name or number, a name in use.
        StoreError: only admins may (not-allowed), or the store fails.
    """
    require(actor, "admin", "make a project")
    name = check_name(name)
    _check(pairs, reviewers)
    values = {
        "name": name,
        "source_language": pairs[0].source.language,
        "target_language": pairs[0].target.language,
        "corpus": corpus,
        "reviewers": reviewers,
        "sentences": len(pairs),
        "note": note,
        "at": now(),
        "by": actor.name,
    }
    packed = [{"place": place, "pair": pack(pair)} for place, pair in enumerate(pairs)]
    with store.write() as connection:
        try:
            made = connection.execute(PROJECTS.insert().values(**values).returning(PROJECTS.c.id))
        except IntegrityError as error:
            raise DataError(
                f"a project's name must not be in use, got {name!r}", code="bad-value"
            ) from error
        project = int(made.scalar_one())
        connection.execute(SENTENCES.insert(), [{**one, "project": project} for one in packed])
    return find_project(store, name)


def _check(pairs: Sequence[SentencePair], reviewers: int) -> None:
    if not pairs:
        raise DataError("a project must have at least one sentence, got none", code="empty-corpus")
    if len(pairs) > MOST_SENTENCES:
        raise DataError(
            f"a project must have at most {MOST_SENTENCES} sentences, got {len(pairs)}",
            code="too-large",
            hint="make several projects of it",
        )
    longest = max(
        (language for one in pairs for language in (one.source.language, one.target.language)),
        key=len,
    )
    if len(longest) > LONGEST_LANGUAGE:
        raise DataError(
            f"a language must have at most {LONGEST_LANGUAGE} letters, got {longest[:60]!r}",
            code="unknown-language",
        )
    if not 1 <= reviewers <= MOST_REVIEWERS:
        raise DataError(
            f"a sentence must have 1 to {MOST_REVIEWERS} reviewers, got {reviewers}",
            code="bad-value",
        )


def projects(store: Store) -> list[Project]:
    """List all projects, the newest first."""
    with store.read() as connection:
        return [
            _project(row)
            for row in connection.execute(PROJECTS.select().order_by(PROJECTS.c.id.desc()))
        ]


def find_project(store: Store, name: str) -> Project:
    """Return the project of a name.

    Raises:
        StoreError: there is none (code unknown-name).
    """
    with store.read() as connection:
        wanted = PROJECTS.select().where(PROJECTS.c.name == as_kept(name))
        row = connection.execute(wanted).first()
    if row is None:
        raise StoreError(
            f"a project must be one of the store's, got {name!r}",
            code="unknown-name",
            hint="list them: python -m core review projects",
        )
    return _project(row)


def _project(row: Row[tuple[object, ...]]) -> Project:
    return Project(**row._mapping)


def items(store: Store, project: Project) -> list[Item]:
    """Return all sentences of a project, in corpus order."""
    with store.read() as connection:
        wanted = SENTENCES.select().where(SENTENCES.c.project == project.id)
        rows = connection.execute(wanted.order_by(SENTENCES.c.place)).all()
    return [Item(row.id, row.place, unpack(SentencePair, row.pair), row.assigned) for row in rows]


def targets_of(store: Store, project: Project, sentences: Sequence[int]) -> dict[int, Sentence]:
    """Return target sentences by id.

    Raises:
        StoreError: one is none of the project's (code unknown-name).
    """
    wanted = select(SENTENCES.c.id, SENTENCES.c.pair).where(SENTENCES.c.id.in_(set(sentences)))
    with store.read() as connection:
        require_sentences(connection, project, set(sentences))
        rows = connection.execute(wanted).all()
    return {row.id: unpack(SentencePair, row.pair).target for row in rows}


def require_sentences(connection: Connection, project: Project, wanted: Set[int]) -> None:
    """Check that sentences are a project's own.

    Raises:
        StoreError: one is not (code unknown-name).
    """
    mine = select(SENTENCES.c.id).where(SENTENCES.c.project == project.id)
    if len(wanted) == 1:
        mine = mine.where(SENTENCES.c.id == next(iter(wanted)))
    unknown = wanted - {row.id for row in connection.execute(mine)}
    if unknown:
        raise StoreError(
            f"a sentence must be one of the project's, got {min(unknown)}", code="unknown-name"
        )


def assign(store: Store, actor: Actor, project: Project, sentences: Sequence[int], to: str) -> int:
    """Give sentences to one reviewer, who alone gets them; nobody's name frees them.

    Args:
        store: where.
        actor: who does it.
        project: the project.
        sentences: ids.
        to: the reviewer; empty frees them.

    Returns:
        How many of them are the project's.

    Raises:
        StoreError: only admins may (code not-allowed).
    """
    require(actor, "admin", "assign sentences")
    name = check_name(to) if to else None
    change = (
        SENTENCES.update()
        .where(SENTENCES.c.id == bindparam("one"), SENTENCES.c.project == project.id)
        .values(assigned=name)
    )
    with store.write(project.id) as connection:
        return sum(connection.execute(change, {"one": one}).rowcount for one in sentences)


def assigned(connection: Connection, project: int) -> dict[int, str]:
    """Return to whom sentences are given, by id; those that are free are left out."""
    rows = connection.execute(
        select(SENTENCES.c.id, SENTENCES.c.assigned).where(
            SENTENCES.c.project == project, SENTENCES.c.assigned.is_not(None)
        )
    )
    return {row.id: str(row.assigned) for row in rows}
