"""One pair decided again with something changed: links, pins, entities, words, weights."""
