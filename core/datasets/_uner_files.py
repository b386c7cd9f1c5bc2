"""The files of Universal NER: one for each treebank and split.

Paper: Mayhew et al. 2024, Universal NER, https://aclanthology.org/2024.naacl-long.243/; the later
treebanks (Hebrew, Japanese, Norwegian, Swedish-Lines): Universal NER v2, arXiv:2604.12744.
Departs: left out are Arabizi, which is no single language; Greek-GDT and Korean-PUD, which declare
no licence; and Czech-PUD, Indonesian-PUD, Romanian-LegalNERo and Slovenian-SSJ, whose files nobody
here has seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_ALL = ("train", "dev", "test")
_TEST = ("test",)

# The treebank's folder: its language, the beginning of its files' names, splits, and what goes
# before the splits' names where a language has another treebank (or the parallel one) besides.
_TREEBANKS: Mapping[str, tuple[str, str, tuple[str, ...], str]] = MappingProxyType(
    {
        "Cebuano-GJA": ("ceb", "ceb_gja", _TEST, ""),
        "Chinese-GSD": ("zh-Hant", "zh_gsd", _ALL, ""),
        "Chinese-GSDSIMP": ("zh", "zh_gsdsimp", _ALL, ""),
        "Chinese-PUD": ("zh-Hant", "zh_pud", _TEST, "pud-"),
        "Croatian-SET": ("hr", "hr_set", _ALL, ""),
        "Danish-DDT": ("da", "da_ddt", _ALL, ""),
        "English-EWT": ("en", "en_ewt", _ALL, ""),
        "English-PUD": ("en", "en_pud", _TEST, "pud-"),
        "German-PUD": ("de", "de_pud", _TEST, "pud-"),
        "Hebrew-HTB": ("he", "he_htb", _ALL, ""),
        "Japanese-PUD": ("ja", "ja_pud", _TEST, "pud-"),
        "Portuguese-Bosque": ("pt", "pt_bosque", _ALL, ""),
        "Portuguese-PUD": ("pt", "pt_pud", _TEST, "pud-"),
        "Russian-PUD": ("ru", "ru_pud", _TEST, "pud-"),
        "Serbian-SET": ("sr-Latn", "sr_set", _ALL, ""),
        "Slovak-SNK": ("sk", "sk_snk", _ALL, ""),
        "Swedish-Lines": ("sv", "sv_lines", _ALL, "lines-"),
        "Swedish-PUD": ("sv", "sv_pud", _TEST, "pud-"),
        "Swedish-Talbanken": ("sv", "sv_talbanken", _ALL, ""),
        "Tagalog-TRG": ("tl", "tl_trg", _TEST, ""),
        "Tagalog-Ugnayan": ("tl", "tl_ugnayan", _TEST, "ugnayan-"),
    }
)
# One folder with two written languages, whose files have names of their own.
_NORWEGIAN = "Norwegian-NDT"
_NORWEGIAN_FILES = {"nb": "nob_norne", "nn": "nno_norne"}

PUD = ("English-PUD", "German-PUD", "Portuguese-PUD")
"""The parallel treebanks whose sentences have the same names, so that they can be joined."""

# The commit and SHA-256 of English-EWT's test file that a public benchmark pins; the bytes are
# those of our copy, which has this checksum.
EWT_REVISION = "8ed072de2fd24022cc62458997fe96a8fe191ea4"
EWT_TEST = (623_751, "821ad826d5f503ac03b4edc3fbc2174f21fbb005ec25863caf2051c434616d6e")


@dataclass(frozen=True, slots=True)
class UnerFile:
    """One file.

    Attributes:
        treebank: its folder, and the end of its repository's name.
        name: the file's own name.
        language: BCP-47 code.
        split: name of the split among all those of the language.
    """

    treebank: str
    name: str
    language: str
    split: str

    @property
    def path(self) -> str:
        """Return its path in the folder of Universal NER."""
        return f"{self.treebank}/{self.name}"


def uner_files(
    *, treebanks: Iterable[str] = (), splits: tuple[str, ...] = ()
) -> tuple[UnerFile, ...]:
    """List files.

    Args:
        treebanks: which; none takes all.
        splits: which; none takes all.
    """
    wanted = tuple(treebanks) or (*_TREEBANKS, _NORWEGIAN)
    found = [
        UnerFile(treebank, f"{stem}-ud-{split}.iob2", language, f"{prefix}{split}")
        for treebank, (language, stem, own_splits, prefix) in _TREEBANKS.items()
        for split in own_splits
    ]
    found += [
        UnerFile(_NORWEGIAN, f"{stem}-ud-{split}.iob2", language, split)
        for language, stem in _NORWEGIAN_FILES.items()
        for split in _ALL
    ]
    return tuple(
        file
        for file in found
        if file.treebank in wanted and file.split in (splits or (file.split,))
    )
