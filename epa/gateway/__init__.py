"""Is the apprentice ready? Requirement by requirement, with the employer's own confirmation."""
