"""Work in the table itself: one cell, one column of several rows, several rows at once."""
