"""Who does what and when: allocation, conflicts, and dates inside the EPA period."""
