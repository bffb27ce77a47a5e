"""The records, one file per noun."""

from rasad.records.models.allocations import AllocationPart, AllocationRule, ClassJudgement, Judgement
from rasad.records.models.assets import Asset
from rasad.records.models.contracts import Contract
from rasad.records.models.desk import Job, Upload
from rasad.records.models.goals import Goal, GoalIndicator
from rasad.records.models.indicators import Indicator, Reading, Target
from rasad.records.models.people import Account, Grant, Invitation
from rasad.records.models.projects import Baseline, Milestone, Progress, Project
from rasad.records.models.purposes import ProjectGoal, ProjectPartner, ProjectService
from rasad.records.models.resolutions import Resolution
from rasad.records.models.roadmaps import (
    Scenario,
    ScenarioFinding,
    ScenarioOpinion,
    ScenarioPlan,
    ScenarioProject,
)
from rasad.records.models.services import Channel, Service
from rasad.records.models.staff import StaffCount
from rasad.records.models.systems import DataLink, System
from rasad.records.models.trail import AuditEvent
from rasad.records.models.units import Institution, Post, Unit

__all__ = [
    "Account",
    "AllocationPart",
    "AllocationRule",
    "Asset",
    "AuditEvent",
    "Baseline",
    "Channel",
    "ClassJudgement",
    "Contract",
    "DataLink",
    "Goal",
    "GoalIndicator",
    "Grant",
    "Indicator",
    "Institution",
    "Invitation",
    "Job",
    "Judgement",
    "Milestone",
    "Post",
    "Progress",
    "Project",
    "ProjectGoal",
    "ProjectPartner",
    "ProjectService",
    "Reading",
    "Resolution",
    "Scenario",
    "ScenarioFinding",
    "ScenarioOpinion",
    "ScenarioPlan",
    "ScenarioProject",
    "Service",
    "StaffCount",
    "System",
    "Target",
    "Unit",
    "Upload",
]
