"""Blueprints, drawn papers and what is printed of them; how far a bank reaches."""
