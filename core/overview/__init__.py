"""Whole corpora at a glance: runs, what they lost, where they disagree, what was linked to what."""
