"""One small file per kind of invoice, listed in ``registry.py``."""
