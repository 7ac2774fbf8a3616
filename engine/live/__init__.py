"""One case at a time, run by a workflow engine; and simulated cases, judged by it."""
