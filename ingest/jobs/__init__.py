"""The durable list of work in the catalog's database."""
