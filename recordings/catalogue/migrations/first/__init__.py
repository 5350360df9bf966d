"""The tables of the first version, a file a subject: never changed after they were released."""
