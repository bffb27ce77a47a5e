"""The app of everything that people write."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records of the workspace: the one app that has models of the project's own."""

    name = "rasad.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
