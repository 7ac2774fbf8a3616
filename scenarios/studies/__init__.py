"""Short runnable studies that a planner reads and adapts; what each prints lies beside it and is checked."""
