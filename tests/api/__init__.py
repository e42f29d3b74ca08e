"""Programs: what a token opens, and how they read and change things."""
