"""Files of other systems: readers and writers of items, pure and safe."""
