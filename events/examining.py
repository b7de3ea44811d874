"""What the page of the examination shows beside the form: one function for each part."""

from copy import copy

from django.utils import timezone

from events import desk
from events.amendments import diff
from events.cards import Card
from events.eligibility import assess
from events.enums import Rule, Status, Transition, Verdict
from events.examination import DecisionForm, answers
from events.facts import facts_of
from events.findings import by_urgency
from events.history import decisions_of, lines, public_url
from events.models import Decision, Event, ReplyTemplate
from events.notifications import preview
from events.permissions import may_decide_here
from events.progress import awaits_answer
from events.snapshots import changes, unsealed
from events.transitions import open_amendment
from events.undoing import undoable
from organizers.models import Office
from semaine.dates import day_words, today

# What each of the four rules wants, where its finding does not say.
WANTED = {
    Rule.DATES: "",
    Rule.FREE: "Entrée gratuite",
    Rule.AUDIENCE: "Un public de la Semaine au moins",
    Rule.PURPOSE: "Fait connaître l’industrie : à vous d’en juger",
}
UNDO_KEY = "undoable"
ICONS = {Verdict.PASSED: "check", Verdict.FAILED: "cross", Verdict.NEEDS_REVIEW: "eye"}


def context_of(request, event: Event, form: DecisionForm) -> dict:
    """Return what the page shows of a file read with `for_examination()`."""
    at = timezone.now()
    card = Card(event, at, {event.format_code: event.format_label})
    right = may_decide_here(event)
    decisions = list(decisions_of(event))
    shown = {
        "event": event,
        "card": card,
        "form": form,
        "status": Status(event.status).referent_label,
        "due": day_words(event.due_on) if awaits_answer(event) else "",
        "proposal": diff(event, open_amendment(event)) if event.is_amended else [],
        "right": right,
        "answers": answers(event, right=right),
        "replies": list(replies_for(request.user)),
        "decisions": lines(event, decisions, names=True),
        # What the offices say of a file is not for the members of its organization, be they agents.
        "notes": right and event.notes.select_related("by", "office", "handed_to").order_by("-at", "-pk"),
        "public_url": public_url(event),
    }
    shown |= _rules(event) | _place(event) | _changes(event, form, decisions, at)
    shown |= _beside(event, request.user, at)
    return shown | undo_context(request) | _mails(request, event, shown["answers"], at)


def undo_context(request) -> dict:
    """Return what `events/undo.html` shows: the decision that its reader has just taken and may undo.

    No query unless `remember_to_undo` was called in this session.
    """
    found = undoable(request.user, timezone.now()) if request.session.get(UNDO_KEY) else None
    if found is None:
        request.session.pop(UNDO_KEY, None)
    return {"undoable": found}


def remember_to_undo(request) -> None:
    """Let the pages that follow offer to undo what was just decided."""
    request.session[UNDO_KEY] = True


def replies_for(user):
    """Return the ready texts of a person's offices."""
    return ReplyTemplate.objects.filter(office__in=Office.objects.of(user)).order_by("title", "pk")


def number(text) -> int | None:
    """Return the number that a page sent back; None for anything else."""
    is_one = isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if is_one else None


def _rules(event: Event) -> dict:
    """Return the four rules of the label with what is found and wanted, and apart what else a file needs."""
    window = event.edition.label_window(event.department)
    findings = assess(facts_of(event), window)
    return {
        "rules": [_in_row(each, window) for each in findings if each.rule in WANTED],
        "verdict": by_urgency(each for each in findings if each.rule not in WANTED),
    }


def _in_row(finding, window) -> dict:
    return {
        "label": finding.rule_label,
        "verdict": finding.verdict,
        "verdict_label": finding.verdict_label,
        "icon": ICONS[finding.verdict],
        "found": finding.found or finding.message,
        "wanted": finding.wanted or WANTED[finding.rule] or f"{window}",
    }


def _beside(event: Event, reader, at) -> dict:
    found = desk.others(event, by=reader, at=at)
    return {
        "alike": [each for each in found if each.is_alike],
        "others": [each for each in found if not each.is_alike],
    }


def _place(event: Event) -> dict:
    return {"point": desk.point(event), "precision": desk.precision_words(event)}


def _changes(event: Event, form: DecisionForm, decisions: list[Decision], at) -> dict:
    """Return what changed since the version that was read, and since a referent last decided."""
    read = unsealed(form.stale_read) if form.stale_read else None
    last = next((each for each in decisions if each.contents and each.event_id == event.pk), None)
    return {
        "since_read": changes(event, read, at) if read else [],
        "since_decision": changes(event, last.contents, at) if last else [],
        "decided_on": day_words(today(last.at), year=True) if last else "",
    }


def _mails(request, event: Event, shown: list[dict], at) -> dict:
    """Return the mails that the answers would send, as they are written now; none unless they are asked for."""
    if "preview" not in request.POST:
        return {"mails": []}
    typed = DecisionForm(request.POST)
    typed.is_valid()
    open_answers = [each for each in shown if each["mails"] and not each["why_not"]]
    return {"mails": [(each["label"], *preview(_draft(event, typed, each, at))) for each in open_answers]}


def _draft(event: Event, typed: DecisionForm, answer: dict, at) -> Decision:
    """Return the decision that an answer would write, not written."""
    transition = Transition(answer["value"])
    asks = transition == Transition.REQUEST_CHANGES
    return Decision(
        event=copy(event),
        transition=transition,
        at=at,
        comment=typed.request() if asks else typed.cleaned_data.get("comment", ""),
        rule=typed.cleaned_data.get("rule", "") if transition == Transition.REFUSE else "",
        field_comments=typed.points() if asks else {},
    )
