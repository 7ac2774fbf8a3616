"""Time and people on arrays: the compiled driver, whose log equals the SimPy driver's row by row.

Read in this order: `tables` (what there is), `loop` (one event after another), `commands` (what the kernel asks for),
`works` (what waits, from its enabling to its row), `queues` (people), `agenda` (the heap of timed events),
`arrivals`, `sampling`, `rows` (the log), `foresight` (what is fetched early). `setting` makes the tables of a model,
`driver` runs them.

The text is compiled by `engine.kernel.compiling`: numbers and tables only, nothing is allocated inside; when a table
is full the loop goes back to Python, which makes it larger and calls again.
"""
