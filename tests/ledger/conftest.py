"""Property tests of the ledger start engines and read files: how long one example takes says nothing."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("ledger", deadline=None)
settings.load_profile("ledger")
