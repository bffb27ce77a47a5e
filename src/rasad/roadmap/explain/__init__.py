"""Why a plan is as it is: what each choice is worth, which limits bind, and what an initiative left out would need.

`explain.explaining.explain` is the way in. Only what it returns is imported here, so that it can be read without the solvers.
"""

from rasad.roadmap.explain.result import Addition, Aim, Explanation, Move, Need, Why, Worth

__all__ = ["Addition", "Aim", "Explanation", "Move", "Need", "Why", "Worth"]
