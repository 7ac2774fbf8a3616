"""What a planner looks at: sentences, tables and pictures of finished results."""
