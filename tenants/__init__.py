"""Who may see and change which rows: the lock, the door and the people."""
