"""The lean HTTP client of the load engine."""
