"""A believable organisation to look around in: loaded into an empty database."""
