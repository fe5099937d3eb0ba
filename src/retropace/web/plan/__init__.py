"""Plan: what the pages of today, the plan and the home workout are made of."""
