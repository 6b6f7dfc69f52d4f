"""Rooms in which methods are held: where they are and how many they take."""
