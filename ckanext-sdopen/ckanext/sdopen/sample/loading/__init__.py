"""The sample province on its way into a portal."""
