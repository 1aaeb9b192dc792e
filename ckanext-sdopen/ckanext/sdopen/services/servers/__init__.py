"""The servers one by one: PostgreSQL, Redis, Solr, the web server."""
