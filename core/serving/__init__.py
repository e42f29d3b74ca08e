"""What answers over HTTP: the application, its answers, templates and processes."""
