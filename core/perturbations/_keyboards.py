"""Which keys lie beside each other, by language and script."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from core.text.words import base_language

# Rows from the top, each a half key further right than the one above; a space is a key without a
# letter of the script.
_QWERTY = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_OTHER_SCRIPTS = (
    ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
    (" ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"),
    ("  קראטוןםפ", "שדגכעיחלךף", "זסבהנמצתץ"),
    ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤر ىةوزظ"),
)
_CENTRAL = ("qwertzuiop", "asdfghjkl", "yxcvbnm")
_LATIN: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "de": ("qwertzuiopü", "asdfghjklöä", "yxcvbnm"),
        **dict.fromkeys(("hr", "sl", "bs"), ("qwertzuiopšđ", "asdfghjklčćž", "yxcvbnm")),
        **dict.fromkeys(("cs", "sk", "hu"), _CENTRAL),
        "fr": ("azertyuiop", "qsdfghjklm", "wxcvbn"),
        "es": ("qwertyuiop", "asdfghjklñ", "zxcvbnm"),
    }
)


@lru_cache(maxsize=64)
def neighbours(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the letters beside each small letter on the usual keyboard of a language.

    Latin letters follow the language, those of other scripts the script; a letter without a key
    of its own (é, and all of Hangul or Devanagari) has no neighbours here.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for rows in (_LATIN.get(base_language(language), _QWERTY), *_OTHER_SCRIPTS):
        keys = {
            (y, x): key for y, row in enumerate(rows) for x, key in enumerate(row) if key != " "
        }
        for (y, x), key in keys.items():
            around = (
                (y, x - 1),
                (y, x + 1),
                (y - 1, x),
                (y - 1, x + 1),
                (y + 1, x - 1),
                (y + 1, x),
            )
            found[key] += [keys[place] for place in around if place in keys]
    return MappingProxyType({key: tuple(letters) for key, letters in found.items()})
