"""Items in from other systems and out to them: previewed, stored whole, exported by two people."""
