"""A person's own data: everything held about an account, and its erasure."""
