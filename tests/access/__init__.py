"""The access matrix: every address, asked for by everybody, on every kind of record."""
