"""What systems need, how long a chain of them takes, and in which order they come back."""
