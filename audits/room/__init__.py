"""The auditor's room: assignments, what an auditor asks for and what the organisation answers."""
