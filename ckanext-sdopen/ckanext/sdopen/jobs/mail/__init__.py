"""Mail by a queue in the database: nothing is lost while no mail server answers."""
