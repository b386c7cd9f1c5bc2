"""Words in Latin letters, for readers who do not know their script.

Paper: Hermjakob, May and Knight 2018, "Out-of-the-box universal romanization with uroman".
Departs: uroman gives Japanese characters of Chinese origin their Mandarin sound. Here they get the
Japanese reading of the word that they are part of, from SudachiPy; then uroman spells that.

A reading is a help and never data: nothing is scored or projected with it. Without the package
uroman there are simply no readings.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from core.text.language_codes import language_names
from core.text.segments import segment
from core.text.words import base_language, join_words

if TYPE_CHECKING:
    from sudachipy import Tokenizer

# A page shows a few hundred different words; all those of a corpus of 5,000 sentences fit.
_REMEMBERED = 65_536
_SPACE_BEFORE_SIGN = re.compile(r" ([,.;:!?…)\]»])")
# One load for all threads, and one call at a time: uroman keeps caches of its own inside.
_lock = threading.RLock()
_loaded: list[Any] = []


def romanise_words(words: Sequence[str], language: str, *, wait: bool = True) -> tuple[str, ...]:
    """Write each word in Latin letters.

    The first call for a word that is not Latin takes some three seconds, in which uroman reads its
    tables; a later one well under a millisecond a word. Latin words never load them.

    Args:
        words: of one sentence, in order.
        language: BCP-47 code; it decides between readings of one letter.
        wait: load the tables where they are missing. Otherwise loading starts in the background,
            and until it is done there are no readings.

    Returns:
        A reading a word; empty where the word is Latin, digits or signs already, or stays as it is.

    >>> romanise_words(["Москва", "city", "😀"], "ru")
    ('Moskva', '', '')
    """
    foreign = [_is_foreign(word) for word in words]
    if not any(foreign) or find_spec("uroman") is None:
        return ("",) * len(words)
    if not wait and not is_ready():
        warm_up()
        return ("",) * len(words)
    code = _iso_639_3(language)
    readings = _japanese_readings(tuple(words)) if code == "jpn" else tuple(words)
    return tuple(
        _romanise(reading, code) if needed else ""
        for reading, needed in zip(readings, foreign, strict=True)
    )


def romanise_text(text: str, language: str) -> str:
    """Write running text in Latin letters, for a line below it.

    Text without spaces gets them between the words that a segmenter finds. Loads the tables where
    they are missing.

    Returns:
        The reading; empty where the text is Latin already.

    >>> romanise_text("Москва — город.", "ru")
    'Moskva — gorod.'
    """
    if not _is_foreign(text) or find_spec("uroman") is None:
        return ""
    code = _iso_639_3(language)
    places = segment(text, language) or ((0, len(text)),)
    pieces = tuple(text[start:end] for start, end in places)
    if code == "jpn":
        pieces = _japanese_readings(pieces)
    read = " ".join(_romanise(piece, code) or piece for piece in pieces)
    return _SPACE_BEFORE_SIGN.sub(r"\1", " ".join(read.split()))


def is_ready() -> bool:
    """Tell whether uroman's tables are loaded, so that no call waits for them."""
    return bool(_loaded)


def warm_up() -> None:
    """Start loading uroman's tables in the background; returns at once, and may be repeated."""
    with _warming:
        if not is_ready() and find_spec("uroman") is not None and not _threads:
            # A daemon: nobody waits for readings when the program ends.
            thread = threading.Thread(target=_uroman, name="uroman", daemon=True)
            _threads.append(thread)
            thread.start()


_warming = threading.Lock()
_threads: list[threading.Thread] = []


def _uroman() -> Any:
    with _lock:
        if not _loaded:
            from uroman import Uroman

            _loaded.append(Uroman())
        return _loaded[0]


@lru_cache(maxsize=_REMEMBERED)
def _romanise(word: str, code: str) -> str:
    with _lock:
        latin = str(_uroman().romanize_string(word, lcode=code)).strip()
    return "" if latin == word else latin


@lru_cache(maxsize=_REMEMBERED)
def _is_foreign(word: str) -> bool:
    """Tell whether a word has a letter of another script, or a digit of another one."""
    import regex

    return regex.search(r"[^\p{Latin}\p{Common}\p{Inherited}]|(?![0-9])\p{Nd}", word) is not None


def _iso_639_3(language: str) -> str:
    """Return the code that uroman knows a language by.

    Of the three-letter codes the first is ISO 639-3's: `fas` before the bibliographic `per`.
    """
    found = (name for name in language_names(language) if len(name) == 3)
    return next(found, base_language(language))


@lru_cache(maxsize=1024)
def _japanese_readings(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return each word in kana.

    A word of ours is one character; where it has no sound of its own (東 in 東京) it gets that of
    the whole word. A word that is kana already stays.
    """
    import regex

    if find_spec("sudachipy") is None or find_spec("sudachidict_small") is None:
        # No reading is better than a Mandarin one.
        return tuple("" if regex.search(r"\p{Han}", word) else word for word in words)
    text, offsets = join_words(words, "ja")
    with _lock:
        pieces = [(one.surface(), one.reading_form()) for one in _sudachi().tokenize(text)]
    borders = [0]
    for surface, _ in pieces:
        borders.append(borders[-1] + len(surface))
    places = list(zip(pairwise(borders), pieces, strict=True))
    return tuple(
        "".join(kana for (left, right), (_, kana) in places if left < end and start < right)
        # A final small tsu doubles the letter that comes after it: 行っ alone is read i.
        .removesuffix("ッ")
        if regex.search(r"\p{Han}", word)
        else word
        for word, (start, end) in zip(words, offsets, strict=True)
    )


@lru_cache(maxsize=1)
def _sudachi() -> Tokenizer:
    from sudachipy import Dictionary

    return Dictionary(dict="small").tokenizer()
