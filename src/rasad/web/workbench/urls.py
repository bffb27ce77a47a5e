"""Addresses of the workbench's own pages. Every view says who may open it (`allowed.py`); a test walks this list."""

from __future__ import annotations

from django.urls import path

from rasad.web.workbench.views import accounts, home, jobs, kept, releases, trail
from rasad.web.workbench.waiting import MATTERS

app_name = "workbench"
urlpatterns = [
    path("", home.home, name="home"),
    *(path(f"waiting/{one.name}/", home.waiting(one), name=f"waiting-{one.name}") for one in MATTERS),
    path("kept/<str:key>/", kept.shown, name="kept"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:key>/", jobs.job, name="job"),
    path("jobs/<uuid:key>/progress/", jobs.job_progress, name="job-progress"),
    path("jobs/<uuid:key>/cancel/", jobs.job_cancel, name="job-cancel"),
    path("jobs/<uuid:key>/again/", jobs.job_retry, name="job-retry"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:number>/", releases.release, name="release"),
    path("accounts-and-roles/", accounts.accounts, name="accounts"),
    path("accounts-and-roles/invite/", accounts.invite, name="invite"),
    path("accounts-and-roles/invitations/<int:key>/withdraw/", accounts.withdraw, name="invitation-withdraw"),
    path("accounts-and-roles/<int:key>/", accounts.account, name="account"),
    path("accounts-and-roles/<int:key>/grant/", accounts.grant, name="account-grant"),
    path("accounts-and-roles/<int:key>/end/<int:grant>/", accounts.end_role, name="account-end-role"),
    path("accounts-and-roles/<int:key>/deactivate/", accounts.deactivate, name="account-deactivate"),
    path("accounts-and-roles/<int:key>/activate/", accounts.activate, name="account-activate"),
    path(
        "accounts-and-roles/<int:key>/second-factor/",
        accounts.drop_second_factor,
        name="account-second-factor",
    ),
    path("invitation/<str:token>/", accounts.invitation, name="invitation"),
    path("trail/", trail.trail, name="trail"),
]
