"""What Alembic runs: the migrations, on the connection that `migrate.py` gives."""

from __future__ import annotations

from alembic import context

from recordings.catalogue.all_tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
