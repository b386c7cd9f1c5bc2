"""Apertium: rule-based translation by the Debian programs, offline, as a separate process.

Paper: Forcada et al. 2011, Apertium, Machine Translation 25(2).
Departs: none.
"""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from core.errors import BackendError, ConfigError, ErrorCode
from core.registry import require_program
from core.text.words import base_language
from core.translators import TRANSLATORS

# BCP-47 → Apertium's codes (ISO 639-3). Serbo-Croatian is one language to Apertium.
_CODES = {
    "en": "eng", "es": "spa", "ca": "cat", "mk": "mkd", "is": "isl", "hr": "hbs", "sr": "hbs",
    "bs": "hbs", "sh": "hbs", "pt": "por", "fr": "fra", "it": "ita", "gl": "glg", "oc": "oci",
    "eu": "eus", "sl": "slv", "bg": "bul", "cy": "cym", "eo": "epo", "sv": "swe", "da": "dan",
    "nb": "nob", "nn": "nno", "de": "deu", "nl": "nld", "af": "afr", "ro": "ron", "ru": "rus",
}  # fmt: skip
_SENTENCE = re.compile(r'<p id="(\d+)">(.*?)</p>', re.DOTALL)
# Marks that Apertium puts before a word: unknown, not in the bilingual dictionary, not inflected.
_MARKS = "*@#"


@dataclass(frozen=True)
class Apertium:
    """Rule-based translation by the installed Apertium pairs."""

    programs: ClassVar[Mapping[str, str]] = {
        "apertium": "apt-get install apertium apertium-eng-spa"
    }

    mode: Annotated[
        str, Field(description="Apertium's own name, such as eng-spa; empty: by the languages")
    ] = ""
    keep_marks: Annotated[
        bool, Field(description="leave the signs * @ # that mark words Apertium does not know")
    ] = False

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Translate all texts in one process.

        Raises:
            ConfigError: the pair is not installed (code unknown-language).
            BackendError: the program is missing (missing-package) or broken (model-unusable), or
                cannot translate a text (text-refused).
        """
        fragments = [html.escape(text, quote=False) for text in texts]
        found = self.translate_tagged(fragments, source=source, target=target)
        return [html.unescape(fragment) for fragment in found]

    def translate_tagged(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Translate HTML fragments; inline tags come out around what they were around.

        Raises:
            ConfigError: the pair is not installed (code unknown-language).
            BackendError: the program is missing (missing-package) or broken (model-unusable), or
                cannot translate a text (text-refused).
        """
        mode = _installed(self.mode or _mode(source, target))
        wanted = [place for place, text in enumerate(texts) if text.strip()]
        document = "\n".join(
            f'<p id="{place}">{" ".join(texts[place].split())}</p>' for place in wanted
        )
        done = [""] * len(texts)
        if wanted:
            made = _run(["-f", "html", mode], document, code="text-refused")
            for place, text in _SENTENCE.findall(made):
                done[int(place)] = self._clean(text, texts[int(place)])
        for place in wanted:
            if not done[place]:
                raise BackendError(
                    f"apertium {mode} must give a translation a text, got none for text "
                    f"{place + 1} of {len(texts)}",
                    code="text-refused",
                )
        return done

    def _clean(self, translation: str, text: str) -> str:
        plain = " ".join(translation.split())
        # Where the text has such a sign of its own, nobody can tell them apart afterwards.
        marks = "".join(mark for mark in _MARKS if mark not in text)
        if self.keep_marks or not marks:
            return plain
        return re.sub(rf"(?<![\w&])[{marks}](?=\w)|(?<=>)#(?=\W)", "", plain)

    def release(self) -> None:
        """Hold nothing, free nothing: the process has ended."""


def installed_modes() -> tuple[str, ...]:
    """List what the installed programs translate, such as `eng-spa`.

    Raises:
        BackendError: the program is missing (code missing-package).
    """
    return tuple(sorted(_run(["-l"], "", code="model-unusable").split()))


def _mode(source: str, target: str) -> str:
    codes = (_CODES.get(base_language(code), base_language(code)) for code in (source, target))
    return "-".join(codes)


def _installed(mode: str) -> str:
    modes = installed_modes()
    if mode not in modes:
        raise ConfigError(
            f"Apertium must have the pair {mode}, installed are {', '.join(modes) or 'none'}",
            code="unknown-language",
            hint=f"see whether there is one: apt-cache search 'apertium.*{mode.split('-')[0]}'",
        )
    return mode


def _run(arguments: list[str], text: str, *, code: ErrorCode) -> str:
    program = require_program("apertium", Apertium.programs["apertium"])
    finished = subprocess.run(  # noqa: S603 - a list, no shell
        [program, *arguments], input=text, capture_output=True, encoding="utf-8", check=False
    )
    if finished.returncode:
        raise BackendError(
            f"apertium {' '.join(arguments)} ended with {finished.returncode}: "
            f"{finished.stderr.strip()[:300]}",
            code=code,
        )
    return finished.stdout


TRANSLATORS.register(Apertium)
