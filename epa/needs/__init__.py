"""What needs somebody: open things to do, found for one person and put in order."""
