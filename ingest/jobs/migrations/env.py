"""Alembic's entry: migrates intake's tables over the connection that the caller hands in."""

from alembic import context

from ingest.jobs.tables import metadata

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=metadata,
    version_table=attributes["version_table"],
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
