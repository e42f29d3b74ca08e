"""The recovery runbook: tasks of the team, external parties and the steps of the recovery."""
