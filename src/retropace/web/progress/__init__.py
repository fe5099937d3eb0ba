"""Progress on the page: each figure as a picture with one sentence, a table, its sources, or what will appear and when."""
