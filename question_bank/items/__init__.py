"""Writing, reviewing, approving and retiring the items of a bank."""
