"""The clients of a service: brought in, invited to the deed, and those that are an organisation here themselves."""
