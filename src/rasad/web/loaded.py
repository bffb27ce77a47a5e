"""What a server does once before it answers: loads the pages, and takes what is loaded out of the search for garbage."""

import atexit
import gc

from django.urls import get_resolver


def load_pages() -> None:
    """Load every page, so that no reader waits for it, and freeze what is loaded: it stays, and to search it takes tens of milliseconds of
    whichever request comes to it."""
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    # Libraries complain of what is not freed at the end.
    atexit.register(gc.unfreeze)
