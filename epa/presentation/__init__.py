"""The presentation: its file, submitted in time, and the mark sheet of the day."""
