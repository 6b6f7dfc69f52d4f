"""Figures: how many stand where, how many are in time and pass at first; nobody can be found in them."""
