from events.models.amendment import Amendment
from events.models.attendance import AttendanceReport
from events.models.decision import Decision, LabelCounter
from events.models.event import Event
from events.models.featured import FeaturedEvent
from events.models.imports import EventImport, ImportLine
from events.models.message import OrganizerMessage
from events.models.note import Note
from events.models.public_change import PublicChange
from events.models.reply import ReplyTemplate
from events.models.slot import TimeSlot
from events.models.snapshot import FiguresSnapshot
from events.models.term import Term
from events.models.twin import PossibleTwin, TwinSearch

__all__ = [
    "Amendment",
    "AttendanceReport",
    "Decision",
    "Event",
    "EventImport",
    "FeaturedEvent",
    "FiguresSnapshot",
    "ImportLine",
    "LabelCounter",
    "Note",
    "OrganizerMessage",
    "PossibleTwin",
    "PublicChange",
    "ReplyTemplate",
    "Term",
    "TimeSlot",
    "TwinSearch",
]
