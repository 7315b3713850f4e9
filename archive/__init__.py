"""Custody of invoices: deposit, find, prove, check. Never imports ``ingest``.

Read in this order: ``model/`` (the words), ``deposit.py`` (how a record comes to be), ``archive.py`` (the one door).
What is stored, and how to read it without this program, is in ``FORMAT.md``.
"""
