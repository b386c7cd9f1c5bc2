"""Splitting running text into words with character offsets, and joining words back.

spaCy's rule tokenizers do the splitting: they need no trained model and know the abbreviations,
clitics and contractions of some seventy languages. Scripts written without spaces are split into
grapheme clusters: one user-visible character is one word. The offsets lead back to the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from core.types import Sentence, Span, Word

if TYPE_CHECKING:
    from spacy.language import Language

# Languages written without spaces between words.
NO_SPACE_LANGUAGES = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo", "dz", "yue", "wuu"})
# Languages in Arabic script.
_ARABIC_SCRIPT = frozenset({"ar", "fa", "ur", "ps", "ckb", "sd", "ug"})
# These, and those in Hebrew script and Thaana.
RIGHT_TO_LEFT_LANGUAGES = _ARABIC_SCRIPT | {"he", "yi", "dv"}
# Unicode scripts of those languages; digits and Latin inside such text stay whole words.
_NO_SPACE_SCRIPTS = (
    r"\p{Han}\p{Hiragana}\p{Katakana}ー\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
)
# What str.isspace calls white space: `\s` leaves the four separators of ASCII out.
_SPACE = r"[\s\x1c-\x1f]"
# The rule tokenizers take signs off the ends of what stands between spaces one by one and search
# all of the rest each time. So that a line of ten thousand signs takes no minutes, it is given to
# them in pieces of this many characters, each ending in a sign.
_PIECE = 400


def base_language(language: str) -> str:
    """Return the primary subtag of a BCP-47 code, lower case: `pt-BR` → `pt`."""
    return language.replace("_", "-").split("-")[0].lower()


def split_words(text: str, language: str) -> list[Word]:
    """Split running text into words.

    Args:
        text: any text, one sentence or more.
        language: BCP-47 code; an unknown one gets the multi-language rules.

    Returns:
        Words in order; `text[word.char_start:word.char_end] == word.text`, no white space inside.
    """
    base = base_language(language)
    if base in NO_SPACE_LANGUAGES:
        return _split_no_space(text)
    borders = {0}
    tokenize = _tokenizer(base).tokenizer
    for offset, piece in _pieces(text):
        for token in tokenize(piece):
            borders |= {offset + token.idx, offset + token.idx + len(token.text)}
    _mend_borders(text, base, borders)
    cuts = sorted(borders)
    return [
        Word(text[start:end], start, end)
        for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)
        if text[start:end].strip()
    ]


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield pieces and where they begin; only what has hundreds of signs without space is cut."""
    import regex

    begin = 0
    for run in regex.finditer(rf"\S{{{_PIECE + 1},}}", text):
        cut = run.start()
        for sign in regex.finditer(r"[\p{P}\p{S}]", run[0]):
            end = run.start() + sign.end()
            if end - cut >= _PIECE:
                yield begin, text[begin:end]
                begin = cut = end
    yield begin, text[begin:]


def _mend_borders(text: str, base: str, borders: set[int]) -> None:
    """Correct habits of the rule tokenizers, in place.

    They cut emoji sequences and flags apart; keep a full stop on a word that ends in a combining
    mark (Yoruba) or an Arabic letter, because their suffix rules look behind plain letters only;
    keep abbreviations with an inner space as one word; and keep routes like "Paris–Lyon" together.
    """
    import regex

    for cluster in regex.finditer(r"\X", text):
        borders.difference_update(range(cluster.start() + 1, cluster.end()))
    # After the clusters: white space parts words even where a combining mark stands on it.
    for match in regex.finditer(rf"{_SPACE}+|(?<=\p{{L}})[–—](?=\p{{L}})", text):
        borders |= {match.start(), match.end()}
    for match in regex.finditer(r"\p{M}([.,;:!?…»]+)(?=\s|$)", text):
        borders.add(match.start(1))
    if base in _ARABIC_SCRIPT:
        for match in regex.finditer(r"[\p{Arabic}\p{N}]([.»]+)(?=\s|$)", text):
            borders |= set(range(match.start(1), match.end()))


def _split_no_space(text: str) -> list[Word]:
    import regex

    own, letters = f"[{_NO_SPACE_SCRIPTS}]", r"\p{L}\p{M}\p{N}"
    foreign_word = rf"[{letters}]+?(?={own}|[^{letters}]|$)"
    cluster = rf"(?!{_SPACE})\X(?<!{_SPACE})|(?!{_SPACE})."
    pattern = rf"{own}\p{{M}}*|{foreign_word}|{cluster}"
    return [Word(match[0], match.start(), match.end()) for match in regex.finditer(pattern, text)]


@lru_cache(maxsize=128)
def _tokenizer(base: str) -> Language:
    import spacy

    try:
        return spacy.blank(base)
    except ImportError:  # no such language in spaCy, or its optional segmenter is not installed
        return spacy.blank("xx")


def join_words(words: Sequence[str], language: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Make running text from words: separated by one space, or by none in no-space languages.

    Returns:
        The text and each word's character offsets in it.
    """
    gap = 0 if base_language(language) in NO_SPACE_LANGUAGES else 1
    offsets = []
    position = 0
    for word in words:
        offsets.append((position, position + len(word)))
        position += len(word) + gap
    return (" " * gap).join(words), tuple(offsets)


def sentence_from_words(
    words: Iterable[str],
    language: str,
    *,
    spans: Iterable[Span] = (),
    sentence_id: str = "",
    line: int | None = None,
) -> Sentence:
    """Build a sentence from words that are already split, as corpora give them."""
    words = tuple(words)
    text, offsets = join_words(words, language)
    return Sentence(words, language, text, offsets, tuple(sorted(spans)), sentence_id, line)
