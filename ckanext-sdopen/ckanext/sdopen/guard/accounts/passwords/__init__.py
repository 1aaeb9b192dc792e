"""Passwords of accounts: what CKAN's forms, API and commands ask of them."""
