"""How an entry is shown: its sections, its topics, what forms need."""
