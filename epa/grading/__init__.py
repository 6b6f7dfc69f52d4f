"""Method grades to the overall grade, and a second person's release of each."""
