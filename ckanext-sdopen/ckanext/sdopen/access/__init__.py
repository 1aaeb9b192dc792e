"""Access: who sees what, who governs a region, and how callers learn of it."""
