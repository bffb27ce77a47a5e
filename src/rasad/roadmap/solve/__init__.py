"""Finding the best plan: engines over the rows, and what they give. `solving.solve` is the way in.

Nothing is imported here, so that the words for a status can be had without the solvers.
"""
