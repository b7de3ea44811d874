"""How allauth fits in: its mails go through the outbox, like all others."""

import uuid

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import timezone

from semaine import outbox


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix, email, context):
        """Write the mail to the outbox: it waits there while the mail server is down."""
        message = self.render_mail(template_prefix, email, context)
        alternatives = getattr(message, "alternatives", [])
        outbox.enqueue(
            email,
            message.subject,
            message.body,
            html=alternatives[0][0] if alternatives else "",
            dedupe_key=f"account-{uuid.uuid4()}",
            at=timezone.now(),
        )

    def format_email_subject(self, subject):
        return subject
