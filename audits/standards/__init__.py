"""Rules and clauses of standards as people read them."""
