"""Answers brought to the form in which they are compared, by the rules of their language.

In this order: lower case; punctuation removed, without a space in its place; articles of the
language replaced by a space; cut into tokens. The language is that of the ANSWER, which is that of
the context: a German question about an English text is answered in English.

Paper: Lewis et al. 2020, MLQA, arXiv:1910.07475, section 4 (English, Spanish, German, Vietnamese,
Arabic, Hindi, Chinese); Rajpurkar et al. 2016, arXiv:1606.05250, section 6.1 (the English rules).
Departs: Chinese characters outside the first block of Unicode are tokens of their own too. For
languages MLQA does not have (XQuAD's Greek, Romanian, Russian, Thai and Turkish, or any other) no
articles are removed, and tokens are what white space separates, in Thai too, as in the published
figures; XQuAD's authors removed the English articles there, which hardly ever occur.
"""

from __future__ import annotations

import re
import string
import unicodedata
from functools import cache

from core.text.language_codes import language_names
from core.text.languages import check_language

# Whole words, lists of MLQA. Hindi and Chinese have no articles.
_ARTICLES = {
    "en": "a an the",
    "es": "un una unos unas el la los las",
    "de": "ein eine einen eines einer einem der die das den dem des",
    "vi": "của là cái chiếc những",
}
# MLQA takes the Arabic article out wherever its two letters stand, inside words too.
_ARABIC_ARTICLE = re.compile("ال")
# Chinese characters: the zero, extension A, the main block, compatibility forms, all of plane 2
# and 3. Kana and hangul are not among them.
_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_TOKENS = re.compile(rf"[{_HAN}]|[^\s{_HAN}]+")


def answer_tokens(text: str, language: str) -> tuple[str, ...]:
    """Cut an answer into the tokens that are compared.

    Nothing else is normalised: a letter with its accent as one character differs from the same
    letter with a combining accent.

    Args:
        text: an answer in running text.
        language: code of its language, BCP-47 or ISO 639.

    Returns:
        Tokens in order; none where the answer is punctuation and articles only.

    Raises:
        ConfigError: the language is no code (code unknown-language).

    >>> answer_tokens("Die „Neue Zeitung“!", "de")
    ('neue', 'zeitung')
    """
    base = _base(language)
    kept = "".join(character for character in text.lower() if not _is_punctuation(character))
    article = _article(base)
    bare = kept if article is None else article.sub(" ", kept)
    return tuple(_HAN_TOKENS.findall(bare) if base == "zh" else bare.split())


@cache
def _base(language: str) -> str:
    check_language(language)
    return language_names(language)[0]


@cache
def _article(base: str) -> re.Pattern[str] | None:
    if base == "ar":
        return _ARABIC_ARTICLE
    words = _ARTICLES.get(base)
    return None if words is None else re.compile(rf"\b({'|'.join(words.split())})\b")


def _is_punctuation(character: str) -> bool:
    # SQuAD counts the symbols of ASCII ($ + < = > ^ ` | ~) among it; other symbols stay, such as €.
    return character in string.punctuation or unicodedata.category(character)[0] == "P"
