"""Evaluation: how good a projection is, whether a difference is real, and what went wrong where."""
