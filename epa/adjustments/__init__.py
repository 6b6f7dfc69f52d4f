"""Reasonable adjustments: asked for, shown with evidence to the panel alone, decided per method."""
