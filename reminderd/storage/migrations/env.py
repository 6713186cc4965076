"""Run migrations inside of the transaction that ``schema.migrate`` has begun."""

from alembic import context

from reminderd.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a table by making it anew
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
