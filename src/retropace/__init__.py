"""retropace: which seconds were forward and which backward, what they cost, and what to run next."""

__version__ = "0.1.0"
