"""DocBin: read with spaCy's own DocBin, entities as spaCy's training sees them."""

from __future__ import annotations

from core.exchange.checks import Reread, Seen, SeenSpan, WrittenFile, versioned


def reread(file: WrittenFile) -> Reread:
    """Read documents, their entities by characters."""
    import spacy
    from spacy.tokens import DocBin

    docs = DocBin().from_bytes(file.content).get_docs(spacy.blank("xx").vocab)
    seen = tuple(
        Seen(
            tuple(
                SeenSpan(entity.start_char, entity.end_char, entity.label_, entity.text)
                for entity in doc.ents
            ),
            words=tuple(token.text for token in doc if not token.is_space),
            text=doc.text,
        )
        for doc in docs
    )
    return Reread(seen, "characters", versioned("spacy"))
