"""People: accounts, one-time links, sessions, rights. ``access.py`` is the one door others use."""
