"""Marks: what each question of a paper may be given, and what two people's marks come to."""
