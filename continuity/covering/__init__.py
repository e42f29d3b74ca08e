"""The six legs of a client's cover, each judged by itself, and the pages that show them."""
