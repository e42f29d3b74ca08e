"""Personal links: one question to one person without an account, in a mail, answered by one button."""
