"""Everyone and every organisation: who they are, what they may do, whom they must not assess."""
