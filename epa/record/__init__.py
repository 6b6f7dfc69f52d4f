"""An apprentice's record: the list one may see, and the way through for each."""
