"""The archive's vocabulary: digests, evidence, invoices, records, queries. Values only; no I/O."""
