"""What several tests build their cases with."""
