"""Importing apprentices from a table: read, compared with what is known, stored whole or not."""
