"""Coach: what the page of the live coach is told of a person's session."""
