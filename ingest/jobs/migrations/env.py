"""Runs the migrations of intake's tables on the connection that ``archive.catalog.migrate`` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], version_table=context.config.attributes["version_table"]
)
context.run_migrations()
