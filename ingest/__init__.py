"""From arrival to filing. Start reading at ``pipeline.py``; it is the whole flow on one screen."""
