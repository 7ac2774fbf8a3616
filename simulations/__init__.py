"""What happens to many cases: the model, the drivers, chance, indicators, replications, statistics, comparison."""
