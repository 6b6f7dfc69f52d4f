"""The evidence behind the presentation: pieces, service users, submission and intake check."""
