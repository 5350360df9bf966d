"""Alembic's folder: one file a change of the archive's tables, in `versions/`.

`migrate.py` runs them; what they lead to is in `all_tables.py`.
"""
