"""Drawing fair papers from a pool of items: pure, by a stored seed, explained in words."""
