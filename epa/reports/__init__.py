"""Documents to take away: statement, feedback, mark sheets, gateway declaration, action plan."""
