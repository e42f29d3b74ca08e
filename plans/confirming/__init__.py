"""Let people and suppliers confirm by a link what is held about them, or say what changed; the organisation decides."""
