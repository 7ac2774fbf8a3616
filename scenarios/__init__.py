"""What a planner asks: the scenario language, the library, runnable studies."""
