"""Pages: one module a page or family of pages. Each has DOORS; each function takes a visit and answers it."""
