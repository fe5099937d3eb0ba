"""Writers: what we give to watches, platforms and other programs."""
