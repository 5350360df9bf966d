"""The changes of the archive's tables, each a file; none is ever changed after it was released."""
