"""One mail for a whole import that sent events, instead of one for each."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from events.imports.report import sent_and_kept
from events.models import EventImport
from semaine import outbox
from semaine.text import count


def tell(event_import: EventImport, at: datetime) -> None:
    """Write the mail that says how many events were sent; none for an import that sent nothing."""
    author = event_import.created_by
    sent, kept = sent_and_kept(event_import)
    if not sent or not author.is_active:
        return
    done = "est envoyé" if sent == 1 else "sont envoyés"
    words = f"{count(sent, 'événement')} {done} au référent"
    context = {
        "event_import": event_import,
        "words": words,
        "kept": f"{count(kept, 'événement reste', 'événements restent')} en brouillon : à compléter."
        if kept
        else "",
        "url": settings.SITE_URL + event_import.get_absolute_url(),
    }
    outbox.enqueue(
        author.email,
        f"Import terminé : {words}",
        render_to_string("emails/import.txt", context),
        html=render_to_string("emails/import.html", context),
        dedupe_key=f"import-{event_import.pk}",
        at=at,
    )
