"""Languages by name, for lists that people choose from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.text.words import base_language

# Not a limit: any BCP-47 code can be typed.
LANGUAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "bg": "Bulgarian", "bm": "Bambara",
        "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
        "ee": "Ewe", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
        "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "gl": "Galician",
        "ha": "Hausa", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
        "id": "Indonesian", "ig": "Igbo", "it": "Italian", "ja": "Japanese", "ko": "Korean",
        "lg": "Luganda", "mr": "Marathi", "nb": "Norwegian Bokmål", "nl": "Dutch",
        "ny": "Chichewa", "pcm": "Nigerian Pidgin", "pl": "Polish", "pt": "Portuguese",
        "ro": "Romanian", "ru": "Russian", "rw": "Kinyarwanda", "sk": "Slovak",
        "sl": "Slovenian", "sn": "Shona", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili",
        "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish",
        "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "wo": "Wolof", "xh": "Xhosa",
        "yo": "Yoruba", "zh": "Chinese", "zu": "Zulu",
    }
)  # fmt: skip


def describe_language(code: str) -> str:
    """Return a code with the language's name, where it is known.

    >>> describe_language("pt-BR"), describe_language("xyz")
    ('Portuguese (pt-BR)', 'xyz')
    """
    name = LANGUAGE_NAMES.get(base_language(code))
    return code if name is None else f"{name} ({code})"


def find_language(typed: str) -> str:
    """Return the code of a language that was typed by name; anything else is taken as a code.

    >>> find_language(" swahili "), find_language("pt-BR")
    ('sw', 'pt-BR')
    """
    wanted = typed.strip()
    found = (code for code, name in LANGUAGE_NAMES.items() if name.casefold() == wanted.casefold())
    return next(found, wanted)
