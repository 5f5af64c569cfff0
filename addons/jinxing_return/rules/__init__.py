"""The handbook on returns and exchanges, in plain Python."""
