"""What comes back first: priority, recovery time and lost work of all systems on one page."""
