"""People: accounts, one-time links, sessions, rights."""
