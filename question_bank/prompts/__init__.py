"""The door to observation prompts: one drawn at random from a bank, shown, and written down as seen."""
