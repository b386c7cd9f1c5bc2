"""Benchmarks: two ways of doing the same work, compared inside one run."""
