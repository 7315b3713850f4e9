"""The archive's pages, and the frame that pages of other packages share.

``shell.py`` is the frame, ``guard.py`` who may pass, ``faults.py`` what an error looks like; a page a file beside them.
"""
