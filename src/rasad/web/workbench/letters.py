"""Letters that the workbench itself sends."""

from __future__ import annotations

import logging
import smtplib

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from rasad.records.models import Invitation

log = logging.getLogger("rasad.letters")


def send_invitation(invitation: Invitation, link: str, city: dict[str, object]) -> bool:
    """Send the invitation in both languages, for nobody knows yet which one is read; return whether it left.

    A mail server that is away is no reason to lose the invitation: whoever invited sees the link and can pass it on.
    """
    parts = []
    for language in ("fa", "en"):
        with translation.override(language):
            context = {"invitation": invitation, "link": link, "city": city.get(f"name_{language}", "")}
            parts.append(render_to_string("workbench/letters/invitation.txt", context).strip())
    letter = EmailMessage(
        subject=f"دعوت به رصد · Invitation to Rasad ({city.get('name_fa', '')})",
        body="\n\n".join(parts) + "\n",
        to=[invitation.email],
    )
    try:
        return bool(letter.send())
    except (OSError, smtplib.SMTPException):
        log.exception("the invitation of %s could not be sent", invitation.pk)
        return False
