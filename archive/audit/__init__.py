"""The audit log: an entry in the same transaction as each act."""
