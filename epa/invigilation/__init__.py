"""Test sessions: many candidates in one room or online, under invigilators on shift."""
