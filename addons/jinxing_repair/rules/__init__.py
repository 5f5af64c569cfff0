"""The handbook on dispatch and repair, in plain Python."""
