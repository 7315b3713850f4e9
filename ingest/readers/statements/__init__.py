"""The forms in which issuers put an invoice's data into XML: one file a form, listed in ``known.py``."""
