"""How many statements it takes to write rows together, which differs between databases."""

from django.db import connection


def writing(rows: int) -> int:
    """Return the statements for some rows, ten at the most, that `write_rows` writes at once."""
    return 1 if connection.vendor == "postgresql" else rows
