"""The knowledge test from an assessment's side: its sitting, and bringing the result home."""
