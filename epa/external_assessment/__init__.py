"""What the assessors find: ratings beside the provider's, interviews, timetable, feedback, challenges."""
