"""Optical character recognition behind one port (``engine.py``)."""
