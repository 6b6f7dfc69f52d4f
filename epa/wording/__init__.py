"""Packs of official descriptor texts that an EPAO may use, shown in place of our own wording."""
