"""Larger parts of pages, made of widgets; a page shows them, and they know no page."""
