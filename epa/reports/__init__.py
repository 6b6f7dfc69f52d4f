"""Documents to take away: the statement of results."""
