"""Mails as rows: written in the transaction that causes them, sent afterwards."""
