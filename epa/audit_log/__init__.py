"""The auditors' pages over the log, which epa/audit records and verifies."""
