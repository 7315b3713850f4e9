"""Bytes to pages of words and codes. One file a format; readers do not know each other."""
