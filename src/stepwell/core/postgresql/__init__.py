"""Django's backend for PostgreSQL, with less to do for each request and each row."""
