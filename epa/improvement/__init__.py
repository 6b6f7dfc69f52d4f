"""What follows a review: the action plan, the yearly upkeep of a mark, its lapse."""
