"""The tables of the floor, one noun per module."""

from .batch import Batch, BatchMember, BatchVersion, Objection, PublicNotice
from .calendar import CalendarDay, DemoClock
from .case import Case, CaseQuerySet, Plan, ancestors_by_region
from .chain import ChainVersion, Route, Stage, route_of
from .configured import Grant, GrantQuerySet, PaperLine
from .job import Job, NumberCounter, OutboxMessage
from .material import FiledMaterial, Material
from .number import InternalNumber, ServiceItem
from .place import Duty, Organisation, Region
from .queue import SeatCounter, Selection
from .record import Act, CaseEvent, Filing, Seal
from .retention import PaperLook, Purge, RetentionRule
from .words import Erasure, EventRemark

__all__ = [
    "Act",
    "Batch",
    "BatchMember",
    "BatchVersion",
    "CalendarDay",
    "Case",
    "CaseEvent",
    "CaseQuerySet",
    "ChainVersion",
    "DemoClock",
    "Duty",
    "Erasure",
    "EventRemark",
    "FiledMaterial",
    "Filing",
    "Grant",
    "GrantQuerySet",
    "InternalNumber",
    "Job",
    "Material",
    "NumberCounter",
    "Objection",
    "Organisation",
    "OutboxMessage",
    "PaperLine",
    "PaperLook",
    "Plan",
    "PublicNotice",
    "Purge",
    "Region",
    "RetentionRule",
    "Route",
    "Seal",
    "SeatCounter",
    "Selection",
    "ServiceItem",
    "Stage",
    "ancestors_by_region",
    "route_of",
]
