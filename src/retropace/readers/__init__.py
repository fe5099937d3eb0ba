"""Readers: one file of any known kind → Recording. `READERS` is the visible list; files are told apart by content."""
