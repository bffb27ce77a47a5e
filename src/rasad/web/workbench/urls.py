"""Addresses of the workbench's own pages. Every view says who may open it (`allowed.py`); a test walks this list."""

from __future__ import annotations

from django.urls import path

from rasad.web.workbench.nouns import addresses
from rasad.web.workbench.views import (
    accounts,
    home,
    jobs,
    judged,
    kept,
    named,
    queue,
    queue_many,
    releases,
    rules,
    trail,
)
from rasad.web.workbench.waiting import MATTERS

app_name = "workbench"
urlpatterns = [
    path("", home.home, name="home"),
    *(path(f"waiting/{one.name}/", home.waiting(one), name=f"waiting-{one.name}") for one in MATTERS),
    path("kept/<str:key>/", kept.shown, name="kept"),
    path("review/", queue.review, name="review"),
    path("review/judge/", queue.judge, name="review-judge"),
    path("review/class/", queue.judge_class, name="review-class"),
    path("review/many/", queue_many.many, name="review-many"),
    path("review/many-classes/", queue_many.many_classes, name="review-many-classes"),
    path("review/judged/", judged.judged, name="review-judged"),
    path("review/disagreements/", judged.disagreements, name="review-disagreements"),
    path("review/undo/", queue.undo, name="review-undo"),
    path("review/undo-class/", queue.undo_class, name="review-undo-class"),
    path("review/refresh/", queue.refresh, name="review-refresh"),
    path("rules/", rules.rules, name="rules"),
    path("new-rule/", rules.new_rule, name="rule-new"),
    path("rules/<str:code>/", rules.rule, name="rule"),
    path("rules/<str:code>/change/", rules.change_rule, name="rule-change"),
    path("rules/<str:code>/<int:number>/force/", rules.force, name="rule-force"),
    path("rules/<str:code>/<int:number>/retire/", rules.retire, name="rule-retire"),
    *addresses(),
    path("named/<str:noun>/", named.offered, name="named"),
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
