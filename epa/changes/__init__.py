"""Changes of an apprenticeship after its registration, each with its day, reason and effects."""
