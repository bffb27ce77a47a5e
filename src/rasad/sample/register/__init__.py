"""What the sample city's people keep: units, goals, indicators, services, systems, links, projects, assets, and the rules that link money to projects.

With the faults of a real city's: money that no rule links, a project that vanished from the portfolio, one re-baselined twice, links agreed
and never used, assets bought and never registered, readings that are out of date.
"""

from rasad.sample.register.write import write_register

__all__ = ["write_register"]
