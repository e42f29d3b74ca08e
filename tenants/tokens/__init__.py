"""Programs that act in an organisation: tokens, what each may do, and the door they come in by."""
