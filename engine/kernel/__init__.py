"""What a token does, once, for every driver.

Integers and arrays only. The same text runs as plain Python on lists of small objects (debugging, no numba)
and compiled on record arrays; `compiling` makes the second from the first.

A driver calls `cascade.start_case` when a case arrives and `cascade.resume` when something waited for is over;
both run the whole zero-time cascade and leave commands (enable, set timer, cancel, ...) in ``state.command``.
"""
