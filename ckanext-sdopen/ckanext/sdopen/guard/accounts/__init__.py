"""Accounts: sessions, lockout, passwords, second factor, registration, who sees whom."""
