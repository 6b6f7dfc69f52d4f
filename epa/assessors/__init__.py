"""Those who assess and invigilate: what they are competent for, their standardisation, their hours."""
