"""Models of other tools, in and out: plain BPMN, QBP, Prosimos and BPSim.

Every reader makes a `Draft`: a scenario as plain data, its diagrams, and notes on what was read, assumed and left out.
"""
