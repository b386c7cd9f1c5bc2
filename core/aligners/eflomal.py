"""eflomal: a statistical aligner, trained on the very sentences it aligns.

Paper: Östling and Tiedemann 2016, Efficient Word Alignment with Markov Chain Monte Carlo, PBML 106.
Departs: the program (GPL-3) is run as it is, always apart from this process. It draws its own
random numbers, so that two runs differ in a few links.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from core.aligners import ALIGNERS
from core.errors import BackendError, DataError
from core.registry import require_program
from core.text.files import read_lines
from core.text.pharaoh import parse_links
from core.text.symmetrise import Symmetrisation, symmetrise
from core.text.words import split_words
from core.types import Alignment, Link, PairVectors, SentencePair

_PROGRAM, _HINT = "eflomal-align", "pip install eflomal"
_MOST_WORDS = 1023  # the program reads a longer sentence as an empty one
# Ordinary text needs thousands of sentence pairs; from fewer than this nearly nothing is learnt.
_FEW = 100
Text: TypeAlias = tuple[Sequence[str], Sequence[str]]
"""Source words and target words."""


@dataclass(frozen=True)
class Eflomal:
    """Statistical alignment without any model: learns from the corpus at hand.

    The more sentences come together, the better; parallel text without labels can be added.
    """

    inputs: ClassVar[tuple[str, ...]] = ()
    corpus_level: ClassVar[bool] = True
    programs: ClassVar[Mapping[str, str]] = {_PROGRAM: _HINT}

    symmetrisation: Annotated[
        Symmetrisation, Field(description="how the links of both directions are joined")
    ] = "grow-diag-final-and"
    parallel: Annotated[
        str,
        Field(
            description="more text to learn from: a file of lines SOURCE<TAB>TARGET, or a folder "
            "with such files named like en-de.tsv"
        ),
    ] = ""
    model: Annotated[
        int, Field(ge=1, le=3, description="1: IBM 1, 2: with HMM, 3: with HMM and fertility")
    ] = 3
    iterations: Annotated[
        float, Field(gt=0, le=20, description="times the program's own number of iterations")
    ] = 1.0
    samplers: Annotated[int, Field(ge=1, le=16, description="independent samplers")] = 3
    prefix: Annotated[
        int, Field(ge=0, le=20, description="look at this many first letters; 0: whole words")
    ] = 0
    suffix: Annotated[
        int, Field(ge=0, le=20, description="look at this many last letters; 0: whole words")
    ] = 0

    def align(
        self, pairs: Sequence[SentencePair], vectors: Sequence[PairVectors] | None = None
    ) -> list[Alignment]:
        """Train on all pairs of each language pair and align them.

        A pair that could not be aligned, or was learnt from few others, says so in its note.

        Raises:
            BackendError: the program is missing (code missing-package) or fails (model-unusable).
            DataError: the parallel text cannot be read.
        """
        found = [Alignment((), note=_note(pair)) for pair in pairs]
        groups: dict[tuple[str, str], list[int]] = {}
        for index, pair in enumerate(pairs):
            if _is_usable((pair.source.words, pair.target.words)):
                key = pair.source.language, pair.target.language
                groups.setdefault(key, []).append(index)
        program = require_program(_PROGRAM, _HINT) if groups else ""
        for (source, target), indices in groups.items():
            texts: list[Text] = [(pairs[i].source.words, pairs[i].target.words) for i in indices]
            more = _parallel_text(self.parallel, source, target) if self.parallel else []
            note = _learnt_from(len(texts) + len(more))
            for index, links in zip(indices, self._run(program, texts, more), strict=True):
                found[index] = Alignment(links, note=note)
        return found

    def _run(
        self, program: str, texts: Sequence[Text], more: Sequence[Text]
    ) -> list[tuple[Link, ...]]:
        """Return the links of `texts`; `more` is only learnt from."""
        with TemporaryDirectory(prefix="spanbridge-eflomal-") as name:
            folder = Path(name)
            for side, file in enumerate(("source", "target")):
                lines = "".join(f"{_line(text[side])}\n" for text in (*texts, *more))
                (folder / file).write_text(lines, encoding="utf-8", errors="replace", newline="\n")
            _call([program, *self._options(folder)])
            forward = _read(folder / "forward", len(texts) + len(more))[: len(texts)]
            reverse = _read(folder / "reverse", len(texts) + len(more))[: len(texts)]
        joined = [
            symmetrise(one, two, self.symmetrisation)
            for one, two in zip(forward, reverse, strict=True)
        ]
        for (source, target), links in zip(texts, joined, strict=True):
            if any(link.source >= len(source) or link.target >= len(target) for link in links):
                raise _unusable("its links lie outside the sentences")
        return joined

    def _options(self, folder: Path) -> list[str]:
        files = {"-s": "source", "-t": "target", "-f": "forward", "-r": "reverse"}
        options = [item for key, file in files.items() for item in (key, str(folder / file))]
        options += ["--model", str(self.model), "--length", str(self.iterations)]
        options += ["--n-samplers", str(self.samplers)]
        for name in ("prefix", "suffix"):
            length = getattr(self, name)
            if length:
                options += [f"--source-{name}", str(length), f"--target-{name}", str(length)]
        return options


def _call(command: list[str]) -> None:
    try:
        # A list without a shell.
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except OSError as error:
        raise _unusable(f"{command[0]} cannot be run: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["nothing"]
        raise _unusable(f"it ended with {done.returncode} and said: {said[-1]}")


def _read(path: Path, expected: int) -> list[tuple[Link, ...]]:
    try:
        # eflomal ends a line with a space; parse_links splits at any white space.
        links = [parse_links(line.text) for line in read_lines(path)]
    except DataError as error:
        raise _unusable(f"its output cannot be read: {error.reason}") from error
    if len(links) != expected:
        raise _unusable(f"it wrote {len(links)} lines for {expected} sentences")
    return links


def _unusable(reason: str) -> BackendError:
    return BackendError(f"eflomal failed: {reason}", code="model-unusable")


def _parallel_text(parallel: str, source: str, target: str) -> list[Text]:
    """Read text to learn from; lines with an empty side or one too long are left out.

    Raises:
        DataError: no such file (code missing-corpus), or a line without exactly one tab.
    """
    path, swapped = Path(parallel).expanduser(), False
    if path.is_dir():
        straight, turned = path / f"{source}-{target}.tsv", path / f"{target}-{source}.tsv"
        swapped = turned.is_file() and not straight.is_file()
        path = turned if swapped else straight
    if not path.is_file():
        raise DataError(
            "aligner.parallel must be a file of lines SOURCE<TAB>TARGET, or a folder with a file "
            f"{source}-{target}.tsv, got no such file",
            code="missing-corpus",
            path=str(path),
        )
    texts: list[Text] = []
    for line in read_lines(path):
        line.require_utf8()
        fields = line.text.split("\t")
        if len(fields) != 2 and not line.is_blank:
            raise line.error(f"a line must be SOURCE<TAB>TARGET, got {len(fields)} fields")
        if len(fields) == 2:
            first, second = reversed(fields) if swapped else fields
            text = _split(first, source), _split(second, target)
            texts += [text] if _is_usable(text) else []
    return texts


def _split(text: str, language: str) -> list[str]:
    return [word.text for word in split_words(text, language)]


def _is_usable(text: Text) -> bool:
    return all(0 < len(side) <= _MOST_WORDS for side in text)


def _note(pair: SentencePair) -> str:
    if max(len(pair.source.words), len(pair.target.words)) <= _MOST_WORDS:
        return ""
    return f"not aligned: eflomal takes at most {_MOST_WORDS} words"


def _learnt_from(pairs: int) -> str:
    if pairs >= _FEW:
        return ""
    count = "one sentence pair" if pairs == 1 else f"{pairs} sentence pairs"
    return f"eflomal learnt from {count} only, so links are guesswork; aligner.parallel adds text"


def _line(words: Sequence[str]) -> str:
    """Write words as a line; white space inside a word would shift all that follow."""
    return " ".join("_".join(word.lower().split()) or "_" for word in words)


ALIGNERS.register(Eflomal)
