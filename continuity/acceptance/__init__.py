"""How far a client is with a version of the deed: what it declares, on paper or by its link, and who answers it."""
