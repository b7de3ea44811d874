"""The report after an event, which its organization writes and corrects."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from events import attendance
from events.attendance_forms import AttendanceForm
from events.models import AttendanceReport, Event
from events.workflow import WorkflowError
from organizers.kept import author_of, keeps_typed, typed_in
from semaine.dates import day_words


@keeps_typed
def report(request, pk):
    event = get_object_or_404(Event.objects.editable_by(request.user).select_related("edition"), pk=pk)
    written = AttendanceReport.objects.filter(event=event).first()
    reason = attendance.why_closed(event, timezone.now())
    if reason and request.method != "POST":
        status = 404 if reason == attendance.NO_LABEL else 200
        context = {"event": event, "reason": reason, "report": written}
        return render(request, "events/attendance_closed.html", context, status=status)
    form = AttendanceForm(typed_in(request), event=event, report=written)
    if request.method == "POST" and form.is_valid() and _save(request, event, form):
        messages.success(request, "Merci ! Votre bilan est enregistré.")
        return redirect("space_event", pk)
    closes = day_words(attendance.closes_on(event), year=True) if event.last_ends_at else ""
    context = {"event": event, "form": form, "report": written, "closes": closes}
    return render(request, "events/attendance.html", context | {"author": author_of(request.user)})


def _save(request, event: Event, form: AttendanceForm) -> bool:
    try:
        attendance.save(event, by=request.user, at=timezone.now(), values=form.values)
    except WorkflowError as error:
        form.add_error(None, error.message)
        return False
    return True
