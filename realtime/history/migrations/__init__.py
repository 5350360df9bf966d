"""Alembic's folder: one file a change of the tables, in `versions/`. `migrate.py` runs them; `schema.py` is what they lead to."""
