"""The observation in the workplace and the questions after it."""
