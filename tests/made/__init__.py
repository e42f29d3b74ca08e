"""Reports made in the background: whole, once, and only for whoever has the right to them."""
