"""Uploaded files as rows: what is stored under which key, with its size and digest."""
