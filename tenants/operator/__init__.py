"""The operator: who keeps the installation running sees accounts, counts and health, and no content."""
