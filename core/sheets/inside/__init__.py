"""What runs inside the limited process: standard library only, no other module of this project."""
