"""Runs that last: finished replications are kept, found again by what determines them, and never run twice."""
