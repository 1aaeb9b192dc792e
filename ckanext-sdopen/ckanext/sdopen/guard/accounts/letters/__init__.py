"""What goes by a letter: the first step of an account, a new password."""
