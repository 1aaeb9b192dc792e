"""Background work: queues in the database, leases, progress, periodic tasks."""
