"""Django's PostgreSQL backend, with an end to how long an answer is waited for."""
