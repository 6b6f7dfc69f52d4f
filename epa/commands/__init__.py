"""What the plumbline command does, one file a command; each is imported when it is called."""
