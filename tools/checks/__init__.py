"""What the gate looks for that no tool off the shelf does: one module per question."""
