"""The drainer: what waits in the outbox is indexed."""
