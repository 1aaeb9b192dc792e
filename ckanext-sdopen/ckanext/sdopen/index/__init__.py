"""The search index: documents made, sent, compared, removed."""
