"""The roadmap: the best plan for the coming years, found, proven as far as it goes, and checked.

problem      what a plan is chosen from and must keep: `Problem`, `load`, `parse`, `write`, `json_schema`
rows         the problem as linear rows with a named group for each limit: `build`
solve        finding the best plan: `solve.solving.solve`
verify       the independent check of a plan: `verify`
infeasible   why no plan keeps all limits, and the smallest repairs: `infeasible.finding.why_infeasible`
explain      why each initiative is in or out, what limits are worth: `explain.explaining.explain`
front        plans of which none is better in every target: `front.tracing.trace`
uncertainty  probabilities, a plan at a chosen confidence, weights: `uncertainty.forecast.forecast` and others
weighing     plans that differ, for people who set weights of their own: `weighing.computing.plans_to_weigh`
draw         a plan as a picture: `draw`
instances    made-up problems of any size: `instance`

Results are read without the solvers, which take a second to load: only the modules that search import them.
"""
