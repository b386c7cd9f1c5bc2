"""Reviewing projections: queues, corrections applied everywhere, learning, precision."""
