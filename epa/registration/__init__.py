"""Registering an apprentice for end-point assessment."""
