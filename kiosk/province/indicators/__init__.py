"""What the province sees: every indicator of DOMAIN.md as expressions that any engine reckons alike."""
