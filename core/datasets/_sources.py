"""Where the corpora that can be fetched are kept, and how to know them.

Sizes and checksums are those that somebody published, named beside them. Where nobody did, the
checksum of the first download is written beside the files (`SHA256SUMS`), and later ones must have
it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from core.datasets._uner_files import EWT_REVISION, EWT_TEST, PUD, UnerFile, uner_files
from core.languages import languages, languages_of

Form = Literal["questions", "conll", "uner", "pan-x"]
"""What the files hold: questions as SQuAD has them, or labelled sentences in one of the formats."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a corpus, at an address of its own.

    Attributes:
        name: its path in the corpus's folder.
        url: its address.
        language: BCP-47 code.
        size: bytes; 0 where not published.
        checksum: SHA-256, hexadecimal; empty where not published.
    """

    name: str
    url: str
    language: str
    size: int = 0
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a corpus is kept: in one archive, or file by file.

    Attributes:
        folder: its name in the data folder.
        files: names of the wanted files, whatever folder of the archive they stand in.
        licence: under which terms it may be used.
        home: the page of its authors.
        url: address of the archive; empty where it can only be taken from a copy at hand.
        size: bytes of the archive.
        checksum: SHA-256 of the archive, hexadecimal.
        parts: its files, where each has an address.
        form: what the files hold.
    """

    folder: str
    files: re.Pattern[str]
    licence: str
    home: str
    url: str = ""
    size: int = 0
    checksum: str = ""
    parts: tuple[SourceFile, ...] = ()
    form: Form = "questions"

    @property
    def by_language(self) -> bool:
        """Tell whether single languages can be asked for."""
        return bool(self.parts) or self.form == "pan-x"

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that can be asked for, sorted."""
        if self.form == "pan-x":
            return languages_of("pan-x")
        return tuple(sorted({part.language for part in self.parts}))


# Bytes and SHA-256 as huggingface/datasets has them (datasets/xquad/dataset_infos.json).
_XQUAD = """
ar 1582988 abdabd7afed5c635d99cca0f3f0d0c9d9ed0bc77451e963c2e4e0638c29e486d
de 669810 990b5d746746ed65ed4702ea5f35f99ffa4e2f1c390c07d003642acd937916f9
el 1918889 821cf0f88e73fa258fd2f548b19b6ec39f7025059e16f6f9fc8cd797c9c3663e
en 609383 e4c57d1c9143aaa1c5d265ba5987a65f4e69528d2a98f29d6e75019b10344f29
es 684322 dcbae93ec3a9f4b9e78fd834a171d6f96c1a875e10e15b7530b7e4ef4971e37e
hi 1680538 df2cce3532b37e9beb8979704b5c9a4bf874358f105395a298b89427b43b9d24
ro 661158 94f8d54e93ad2b7dd2e76dd921a666b5b8eff2d4379df9f179c42b445f09643f
ru 1896368 208d5b1aa154c52b1b5c5eda16281e455e8fd198cdb9af3f469f0d6037d973bf
th 1809143 5cdda11d0e1e075f7872abf4e6ae830388ce7f617964d542308e9ae4257e0f43
tr 729506 92179a564774b7696100d144c1e10870d0a966b6fccbdd254a65b9d2ab1971cc
vi 911401 f619a1eb11fb42d3ab0834259e488a65f585447ef6154437bfb7199d85161a04
zh 808652 691d0b3359bc6b8faa8de931dfdfe21d50a65861ae348e32a0d1a0190b0c8835
"""
# Bytes and SHA-256 of the copies this project is tested with; as long, character for character, as
# the only version the authors' repository has of each.
_EUROPARL_NER = """
de 181273 0441cd4f8895f8fbe18e5660388fbfc7c423eaf80c93f67fe75f6f4f5ba7cc04
en 174050 c760bdac18678e8715c5ef882516006cc4cb08564abfebcd63e4075b00d07efc
es 188480 ab1cd8bd29d3e30953db6323cf6337fcc5b2d6feacb8f199d3f69d53616e7aad
it 184922 0a85987b0f87f05033fbf79b926d98269aaaf83666d8ef6acbaebadbb6b3fb69
"""
_RAW = "https://raw.githubusercontent.com"
# A commit of October 2025: what is fetched from it cannot change.
_MASAKHANER = f"{_RAW}/masakhane-io/masakhane-ner/ba5843cd08aa491d5f96a5e809e71eb9ec461391"
_EUROPARL = (
    f"{_RAW}/ixa-ehu/ner-evaluation-corpus-europarl/40e84e215a35c7e46c1b169ad88ab55108a8b0de"
)


def _listed(table: str, name: str, base: str) -> tuple[SourceFile, ...]:
    """Return the files of a table of languages, sizes and checksums."""
    rows = (line.split() for line in table.split("\n") if line)
    return tuple(
        SourceFile(
            name.format(language), f"{base}/{name.format(language)}", language, int(size), checksum
        )
        for language, size, checksum in rows
    )


def _masakhaner2() -> tuple[SourceFile, ...]:
    """Return a file for each language, which goes by three letters there, and split."""
    names = (
        (f"{languages()[code].iso639_3}/{split}.txt", code)
        for code in languages_of("masakhaner2")
        for split in ("train", "dev", "test")
    )
    return tuple(
        SourceFile(name, f"{_MASAKHANER}/MasakhaNER2.0/data/{name}", code) for name, code in names
    )


def _uner(files: tuple[UnerFile, ...], licence: str) -> Source:
    return Source(
        folder="uner",
        files=re.compile(r".*\.iob2"),
        licence=licence,
        home="https://www.universalner.org",
        parts=tuple(_uner_part(file) for file in files),
        form="uner",
    )


def _uner_part(file: UnerFile) -> SourceFile:
    revision = EWT_REVISION if file.treebank == "English-EWT" else "master"
    size, checksum = EWT_TEST if file.name == "en_ewt-ud-test.iob2" else (0, "")
    url = f"{_RAW}/UniversalNER/UNER_{file.treebank}/{revision}/{file.name}"
    return SourceFile(file.path, url, file.language, size, checksum)


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "europarl-ner": Source(
            folder="europarl-ner",
            files=re.compile(r"\w{2}-europarl\.test\.conll02"),
            licence="Europarl: no known copyright restrictions",
            home="https://github.com/ixa-ehu/ner-evaluation-corpus-europarl",
            parts=_listed(_EUROPARL_NER, "{}-europarl.test.conll02", _EUROPARL),
            form="conll",
        ),
        "masakhaner2": Source(
            folder="masakhaner2",
            files=re.compile(r"(train|dev|test)\.txt"),
            licence="CC BY-NC 4.0",
            home="https://github.com/masakhane-io/masakhane-ner",
            parts=_masakhaner2(),
            form="conll",
        ),
        "mlqa": Source(
            folder="mlqa",
            files=re.compile(r"(dev|test)-context-\w{2}-question-\w{2}\.json|LICENSE"),
            licence="CC BY-SA 3.0",
            home="https://github.com/facebookresearch/MLQA",
            url="https://dl.fbaipublicfiles.com/MLQA/MLQA_V1.zip",
            # Both as huggingface/datasets has them (datasets/mlqa/dataset_infos.json).
            size=75_719_050,
            checksum="246e8089933d13007fe80684d5c5c0713d6834cf8b3b4a0ec7c66f0a0d2baac8",
        ),
        "pan-x": Source(
            folder="pan-x",
            files=re.compile(rf"({'|'.join(languages_of('pan-x'))})\.tar\.gz"),
            licence="not stated by its authors; the text is Wikipedia's, CC BY-SA 3.0",
            home="https://github.com/afshinrahimi/mmner",
            url="https://s3.amazonaws.com/datasets.huggingface.co/wikiann/1.1.0/panx_dataset.zip",
            # Both as huggingface/datasets has them (datasets/wikiann/dataset_infos.json).
            size=234_008_884,
            checksum="164814b64f749ad000988b5ab45050b5116913b3db466ab173008955ddf649a4",
            form="pan-x",
        ),
        "uner-hr": _uner(
            uner_files(treebanks=("Croatian-SET",), splits=("dev", "test")), "CC BY-SA 4.0"
        ),
        "uner-pud": _uner(uner_files(treebanks=PUD), "CC BY-SA 3.0 or 4.0"),
        "uner-treebanks": _uner(
            uner_files(), "CC BY-SA 4.0, some parts 3.0; Tagalog-Ugnayan: CC BY-NC-SA 4.0"
        ),
        "xquad": Source(
            folder="xquad",
            files=re.compile(r"xquad\.\w{2}\.json|LICENSE"),
            licence="CC BY-SA 4.0",
            home="https://github.com/google-deepmind/xquad",
            parts=_listed(
                _XQUAD, "xquad.{}.json", "https://github.com/google-deepmind/xquad/raw/master"
            ),
        ),
    }
)
