"""Object stores behind one port (``store.py``): filesystem, memory."""
