"""Months and weeks of bookings, people and rooms; one's own dates as a calendar that is followed."""
