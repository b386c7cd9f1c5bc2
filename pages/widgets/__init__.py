"""Parts that pages are made of. Siblings: none imports another."""
