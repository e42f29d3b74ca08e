"""Other programs that are told what the audit finds."""
