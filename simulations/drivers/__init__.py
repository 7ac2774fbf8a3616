"""Time and people around the token kernel: the SimPy driver is the readable reference."""
