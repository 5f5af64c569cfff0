"""The handbook on complaints, contacts and follow-up, in plain Python."""
