"""Optimal matching of entities and candidates: pruning, an exact solver, the integer programme."""
