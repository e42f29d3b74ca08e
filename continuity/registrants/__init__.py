"""The foundation's side: who registered with it, what it must confirm, and the declaration of a bankruptcy."""
