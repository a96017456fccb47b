"""Django's backend for PostgreSQL, without asking at each request whether the server is there."""
