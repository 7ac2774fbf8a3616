"""What it costs: benchmarks that run all sides in one go and print ratios. Nothing here asserts on time."""
