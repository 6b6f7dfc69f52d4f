"""Reviews of providers: opening, people, dates, steps, and the ratings of both sides."""
