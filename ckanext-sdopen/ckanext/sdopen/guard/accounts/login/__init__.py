"""Login: counted tries, the password, the steps that follow it."""
