"""The append-only record of who did what, when, to which record: written and verified here."""
