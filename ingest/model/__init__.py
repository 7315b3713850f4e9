"""The words of intake: documents, pages, drafts, decisions. Values only; no I/O."""
