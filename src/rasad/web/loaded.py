"""What a server does once before it answers: loads the pages, and takes what is loaded out of the search for garbage."""

import atexit
import gc

from django.urls import get_resolver

RARELY = (20_000, 20, 100)
"""Thresholds of the search for garbage. What a request makes is mostly freed without it; a kept problem of the roadmap alone is hundreds of
thousands of objects, and to go through them again every few requests took 70 ms of each of those."""


def load_pages() -> None:
    """Load every page, so that no reader waits for it, and freeze what is loaded: it stays, and to search it takes tens of milliseconds of
    whichever request comes to it."""
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
    # Libraries complain of what is not freed at the end.
    atexit.register(gc.unfreeze)
