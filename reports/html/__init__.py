"""Pages of one file: everything inline, nothing from the network."""
