"""Charts of results: each module turns plain data into a scene; `reports.drawing` paints it or writes SVG text.

| module | chart | data |
|---|---|---|
| ``distribution`` | how long cases take, against the target | `Distribution` |
| ``waterfall`` | where the days went, before to after | `Waterfall` |
| ``promised`` | every procedure's limit against what was simulated | `Promised` |
| ``heat`` | load of pools over the weeks; waiting by weekday and hour | `Heat` |
| ``convergence`` | how the estimate settled | `Convergence` |
| ``tornado`` | which assumption moves the result most | `Tornado` |

``study`` makes the data from models, replications and event logs.
"""
