"""Case notes and the contact log of an apprentice, for the EPAO's own people alone."""
