"""What both sides of a review say of its criteria: versions, what they come to, where they differ."""
