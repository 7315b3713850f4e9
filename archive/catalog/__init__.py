"""The catalog: tables, queries, migrations. The only place where rows become model objects."""
