"""The changes of history's tables, each a file; none is ever changed after it was released."""
