"""The end-point assessment itself: its stages, its clock, its methods' attempts, who reaches it."""
