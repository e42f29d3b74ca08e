"""What the service tells strangers about itself: what it keeps about people, and where a leak is reported."""
