"""Written answers marked by people: who may mark whose, how it stands, and the way to the grade."""
