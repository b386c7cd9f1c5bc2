"""Files of test questions: named corpora, uploads, and files or folders of this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from core.errors import ConfigError, DataError, SpanbridgeError
from core.evaluate.question_files import question_corpora
from core.jobs import keep_input
from core.questions.pairings import Pairing, pairings_in
from core.questions.squad import read_squad
from core.store.people import Actor, require, require_on_server
from core.text.languages import check_language
from pages.sections.file_inputs import file_input, language_input, show_chosen
from pages.widgets import tables

_CORPUS, _FILE, _PATH = "A corpus", "A file", "A path on this machine"
_OWN, _EVERY = "one language (XLT)", "every pairing (G-XLT)"
_SPLITS = ("test", "dev")
_SHOWN = 8  # pairings that are named


@dataclass(frozen=True, slots=True)
class Part:
    """Test files on the list.

    Attributes:
        title: how people know them.
        pairings: the files, each with its languages.
    """

    title: str
    pairings: tuple[Pairing, ...]


Make = Callable[[], Part]


def files_input(actor: Actor | None, *, key: str) -> tuple[Pairing, ...]:
    """Ask for test files; they make up one list, with each pairing of languages once.

    Args:
        actor: who is there; only an admin may name a path.
        key: first part of the widget keys.
    """
    parts: list[Part] = st.session_state.setdefault(f"{key}.parts", [])
    _show_parts(parts, key=key)
    with st.expander("Add to the list", key=f"{key}.expander"):
        make = _part_input(actor, key=key)
        st.button(
            "Add",
            key=f"{key}.add",
            icon=":material/add:",
            disabled=make is None,
            on_click=partial(_add, actor, key, make) if make else None,
        )
        with st.container():
            wrong = st.session_state.pop(f"{key}.wrong", "")
            tables.show_texts([wrong] if wrong else [], key=f"{key}.wrong_text", tone="error")
    return tuple(pairing for part in parts for pairing in part.pairings)


def _show_parts(parts: list[Part], *, key: str) -> None:
    usual = "Nothing chosen: a corpus, a file or a path must be given."
    with st.container():
        tables.show_texts([] if parts else [usual], key=f"{key}.usual")
    show_chosen(list(map(_told, parts)), parts.pop, key=key)


def _told(part: Part) -> str:
    names = [_name(one) for one in part.pairings]
    more = f" and {len(names) - _SHOWN} more" if names[_SHOWN:] else ""
    return f"{part.title} ({', '.join(names[:_SHOWN])}{more})"


def _name(pairing: Pairing) -> str:
    if pairing.is_monolingual:
        return pairing.context
    return f"{pairing.context} asked in {pairing.question}"


def _part_input(actor: Actor | None, *, key: str) -> Make | None:
    """Ask for files; what is returned reads them, None as long as something is missing."""
    asks: dict[str, Callable[[str], Make | None]] = {
        _CORPUS: _corpus_input,
        _FILE: _upload_input,
        _PATH: partial(_path_input, actor),
    }
    origin = st.segmented_control(
        "From",
        list(asks),
        default=_CORPUS,
        required=True,
        key=f"{key}.origin",
        persist_state="session",
    )
    with st.container():
        return asks[origin](key)


def _add(actor: Actor | None, key: str, make: Make) -> None:
    parts: list[Part] = st.session_state[f"{key}.parts"]
    there = {_name(one) for part in parts for one in part.pairings}
    try:
        # A file that is added is written to this machine.
        require_on_server(actor, "reviewer", "keep data for a run")
        part = make()
        twice = [name for name in map(_name, part.pairings) if name in there]
        if twice:
            raise ConfigError(
                f"each pairing of languages must be on the list once, got {twice[0]} again",
                code="bad-value",
            )
    except SpanbridgeError as error:
        st.session_state[f"{key}.wrong"] = str(error)
        return
    parts.append(part)


def _corpus_input(key: str) -> Make | None:
    corpora = question_corpora()
    if not corpora:
        told = "Neither MLQA nor XQuAD is there: python -m core corpora get mlqa"
        tables.show_texts([told], key=f"{key}.no_corpus", tone="note")
        return None
    left, right = st.columns(2)
    name = left.selectbox("Corpus", list(corpora), key=f"{key}.corpus", persist_state="session")
    found = corpora[name]
    codes = sorted({code for one in found for code in (one.context, one.question)})
    with right:
        kind = _kind_input(f"{key}.kind")
    wanted = st.multiselect(
        "Languages", codes, default=codes, key=f"{key}.languages.{name}", persist_state="session"
    )
    files = [one for one in found if {one.context, one.question} <= set(wanted)]
    files = [one for one in files if kind == _EVERY or one.is_monolingual]
    return partial(Part, name, tuple(files)) if files else None


def _kind_input(key: str) -> str:
    kind: str = st.segmented_control(
        "Pairings of contexts and questions",
        [_EVERY, _OWN],
        default=_EVERY,
        required=True,
        key=key,
        persist_state="session",
    )
    return kind


def _languages_input(key: str, *, disabled: bool = False) -> tuple[str, str]:
    left, right = st.columns(2)
    with left:
        context = language_input(
            "Language of the contexts",
            key=f"{key}.context",
            usual="en",
            help="answers are scored by its rules",
            disabled=disabled,
        )
    with right:
        question = language_input(
            "Language of the questions", key=f"{key}.question", usual="en", disabled=disabled
        )
    return context, question


def _upload_input(key: str) -> Make | None:
    file = file_input("Questions in the form of SQuAD 1.1 (MLQA, XQuAD)", key=f"{key}.file")
    languages = _languages_input(f"{key}.file")
    if file is None:
        return None
    kept = file
    return lambda: _one_file(kept.name, keep_input(kept.name, kept.data), languages)


def _path_input(actor: Actor | None, key: str) -> Make | None:
    typed = st.text_input(
        "File of questions, or folder of MLQA's files",
        key=f"{key}.path",
        placeholder="/data/MLQA_V1/test",
        help="files {split}-context-{language}-question-{language}.json of a folder are found by "
        "their names",
        persist_state="session",
    )
    languages = _languages_input(f"{key}.path_languages")
    left, right = st.columns(2)
    split = left.segmented_control(
        "Split of a folder",
        _SPLITS,
        default=_SPLITS[0],
        required=True,
        key=f"{key}.split",
        persist_state="session",
    )
    with right:
        kind = _kind_input(f"{key}.path_kind")
    text = (typed or "").strip()
    return partial(_from_path, actor, text, languages, split, kind) if text else None


def _from_path(
    actor: Actor | None, text: str, languages: tuple[str, str], split: str, kind: str
) -> Part:
    """Find what stands at a path.

    Raises:
        ConfigError: nobody has said who they are (code bad-value), or a language is no code.
        StoreError: the actor may not name paths.
        DataError: there is no such file, or it cannot be read.
    """
    if actor is None:
        raise ConfigError("the sidebar must say who you are, got nobody", code="bad-value")
    require(actor, "admin", "name a path of this machine")
    path = Path(text).expanduser().absolute()
    if not path.is_dir():
        return _one_file(path.name, path, languages)
    found = pairings_in(path, split=split)
    files = [one for one in found if kind == _EVERY or one.is_monolingual]
    if not files:
        raise DataError(
            "the folder must hold a pairing of one language, got none",
            code="missing-corpus",
            path=text,
        )
    return Part(path.name, tuple(files))


def _one_file(title: str, path: Path, languages: Sequence[str]) -> Part:
    for code in languages:
        check_language(code)
    read_squad(path)  # so that damage shows at once
    context, question = languages
    return Part(title, (Pairing(context, question, path),))
