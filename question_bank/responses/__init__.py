"""Marked answers of candidates to papers, and what they tell of questions and tests."""
