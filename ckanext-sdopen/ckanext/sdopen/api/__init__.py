"""The manners of HTTP: tokens, languages, errors and headers as programs of strangers expect."""
