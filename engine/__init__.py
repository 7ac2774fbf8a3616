"""How one case moves: read, check, lower, token kernel; conditions, calendars and clocks, the event log, replay.

Nothing here knows of several cases, of queues or of results; that begins in ``simulations``.
"""
