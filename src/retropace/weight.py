"""Weight: energy balance without lies."""
