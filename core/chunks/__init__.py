"""A corpus in chunks: read without being held in memory, and projected a chunk at a time.

A chunk is a fixed number of sentence pairs, and the unit of all that follows: it is projected as
one batch, written as one shard, and done or not done as a whole. What comes out of a chunk depends
on its pairs and the configuration alone, so it is the same whoever does it, and whenever.
"""
