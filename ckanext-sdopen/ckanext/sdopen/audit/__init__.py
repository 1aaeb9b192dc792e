"""The audit log: who did what, when, from where, and with what result; nothing of it is changed."""
