"""Text: words with character offsets, tag schemes, bracket notation."""
