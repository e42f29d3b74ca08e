"""Two at once, each in a thread and a connection of its own: what one does must not undo what the other did."""
