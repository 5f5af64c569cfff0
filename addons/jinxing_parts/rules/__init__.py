"""The handbook on spare parts and tools, in plain Python."""
