"""Object stores behind one port (``store.py``): filesystem, memory, S3 (``S3.md``), and the mirror of two of them."""
