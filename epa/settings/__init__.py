"""What an administrator may set for this Plumbline: kept as versions, read through one function."""
