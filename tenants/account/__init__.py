"""One's own account: the address to sign in with."""
