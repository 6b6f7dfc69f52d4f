"""Sitting a paper online: its states, the server's clock, the log of answers, the receipt."""
