"""brat: the rules of its standoff format, checked on the file.

brat is a server without a library. An entity is `T1 TAB LABEL START END TAB TEXT`; its text must be
what stands between its offsets, on one line; its class must be in annotation.conf.
"""

from __future__ import annotations

import io
import zipfile

from core.exchange.checks import Reread, Seen, SeenSpan, WrittenFile


def reread(file: WrittenFile) -> Reread:
    """Read lines, their entities by characters."""
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        text = archive.read("corpus.txt").decode()
        rows = archive.read("corpus.ann").decode().split("\n")
        known = archive.read("annotation.conf").decode().split("\n")
    lines = text.split("\n")[:-1]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    spans: list[list[SeenSpan]] = [[] for _ in lines]
    problems = [""] * len(lines)
    place = 0
    for row in filter(None, rows):
        _, body, covered = row.split("\t", 2)
        label, first, last = body.split(" ")
        start, end = int(first), int(last)
        while starts[place + 1] <= start:  # the rows are in the order of the text
            place += 1
        if text[start:end] != covered or label not in known:
            problems[place] = f"brat refuses the row {row!r}"
        begin = start - starts[place]
        spans[place].append(SeenSpan(begin, end - starts[place], label, text[start:end]))
    seen = (
        Seen(tuple(found), text=line, problem=problem)
        for found, line, problem in zip(spans, lines, problems, strict=True)
    )
    return Reread(tuple(seen), "characters", "the rules of brat's standoff format")
