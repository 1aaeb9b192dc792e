"""Parts that die or hang (PostgreSQL, Solr, Redis): bounded waits, circuits, health, secrets."""
