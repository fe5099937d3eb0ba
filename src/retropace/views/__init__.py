"""Views: a summary as a terminal table, JSON, HTML page or picture."""
