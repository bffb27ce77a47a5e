"""The roadmap: the best plan for the coming years, found, proven as far as it goes, and checked.

problem    what a plan is chosen from and must keep: `Problem`, `load`, `parse`, `write`, `json_schema`
rows       the problem as linear rows with a named group for each limit: `build`
solve      finding the best plan: `solve.solving.solve`
verify     the independent check of a plan: `verify`
instances  made-up problems of any size: `instance`

Only `solve` imports the solvers, which take a second to load.
"""
