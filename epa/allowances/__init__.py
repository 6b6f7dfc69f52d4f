"""What was granted to an apprentice for a method: what those who run the day may know, never why."""
