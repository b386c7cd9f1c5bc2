"""Languages by name, for lists that people choose from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from core.errors import ConfigError
from core.text.language_codes import language_names
from core.text.words import base_language

_CODE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")
# Not a limit: any BCP-47 code can be typed.
LANGUAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani",
        "bbj": "Ghomálá'", "bg": "Bulgarian", "bm": "Bambara", "bn": "Bengali", "ca": "Catalan",
        "ceb": "Cebuano", "cs": "Czech", "da": "Danish", "de": "German", "ee": "Ewe", "el": "Greek",
        "en": "English", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
        "fi": "Finnish", "fon": "Fon", "fr": "French", "gl": "Galician", "gu": "Gujarati",
        "ha": "Hausa", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "ht": "Haitian Creole",
        "hu": "Hungarian", "id": "Indonesian", "ig": "Igbo", "it": "Italian", "ja": "Japanese",
        "jv": "Javanese", "ka": "Georgian", "kk": "Kazakh", "ko": "Korean", "lg": "Luganda",
        "lt": "Lithuanian", "luo": "Luo", "ml": "Malayalam", "mos": "Mossi", "mr": "Marathi",
        "ms": "Malay", "my": "Burmese", "nb": "Norwegian Bokmål", "nl": "Dutch",
        "nn": "Norwegian Nynorsk",
        "ny": "Chichewa", "pa": "Punjabi", "pcm": "Nigerian Pidgin", "pl": "Polish",
        "pt": "Portuguese", "qu": "Quechua", "ro": "Romanian", "ru": "Russian",
        "rw": "Kinyarwanda", "sk": "Slovak", "sl": "Slovenian", "sn": "Shona", "sr": "Serbian",
        "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai",
        "tl": "Tagalog", "tn": "Setswana", "tr": "Turkish", "tw": "Twi", "uk": "Ukrainian",
        "ur": "Urdu", "vi": "Vietnamese", "wo": "Wolof", "xh": "Xhosa", "yo": "Yoruba",
        "zh": "Chinese", "zu": "Zulu",
    }
)  # fmt: skip


def describe_language(code: str) -> str:
    """Return a code with the language's name, where it is known.

    >>> describe_language("pt-BR"), describe_language("swa"), describe_language("xyz")
    ('Portuguese (pt-BR)', 'Swahili (swa)', 'xyz')
    """
    base = base_language(code)
    name = LANGUAGE_NAMES.get(base) or LANGUAGE_NAMES.get(language_names(base)[0])
    return code if name is None else f"{name} ({code})"


def find_language(typed: str) -> str:
    """Return the code of a language that was typed by name; anything else is taken as a code.

    >>> find_language(" swahili "), find_language("pt-BR")
    ('sw', 'pt-BR')
    """
    wanted = typed.strip()
    found = (code for code, name in LANGUAGE_NAMES.items() if name.casefold() == wanted.casefold())
    return next(found, wanted)


def check_language(code: str) -> None:
    """Check that a language is given by a code.

    Raises:
        ConfigError: it is none (code unknown-language).
    """
    if not _CODE.fullmatch(code):
        raise ConfigError(
            f"a language must be a BCP-47 code such as sw, pt-BR or zh, got {code!r}",
            code="unknown-language",
        )
