"""The database's shape, one file a change."""
