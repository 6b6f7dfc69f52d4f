"""Backups: taken while people work, sealed, and checked as they are given back."""
