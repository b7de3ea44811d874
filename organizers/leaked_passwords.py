"""Passwords that leaked somewhere, from a file on the server: nothing of a password is asked of anybody else.

The file has one line per password, its SHA-1 in hexadecimal and perhaps « : » and a number, in the order of the hashes:
what the downloader of « Pwned Passwords » writes. It may hold tens of gigabytes: it is searched, never read whole.
"""

import hashlib
import logging
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)
HASH_LENGTH = 40


class LeakedPasswordValidator:
    """Refuse what is in the file `LEAKED_PASSWORDS`; without one, nothing."""

    def validate(self, password, user=None):
        if settings.LEAKED_PASSWORDS and _is_leaked(password, Path(settings.LEAKED_PASSWORDS)):
            raise ValidationError(
                "Ce mot de passe a déjà été volé sur un autre site, et les voleurs l’essaient partout. "
                "Choisissez-en un autre.",
                code="password_leaked",
            )

    def get_help_text(self):
        return "Votre mot de passe n’est pas de ceux qui ont été volés ailleurs."


def _is_leaked(password: str, file: Path) -> bool:
    try:
        return is_listed(hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest(), file)
    except OSError:
        # Nobody is kept out because a disk is gone; who watches over the logs is told.
        logger.exception("The file of leaked passwords cannot be read.")
        return False


def is_listed(digest: str, file: Path) -> bool:
    """Is a hash in the file? Some thirty reads in a file of a thousand million lines. Raises OSError."""
    wanted = digest.upper().encode()
    with file.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        # The line that is looked for begins at `low` or after, and before `high`.
        while low < high:
            middle = (low + high) // 2
            lines.seek(middle)
            if middle:
                # Into the line before, or at its very end: the next one is whole.
                lines.seek(middle - 1)
                lines.readline()
            start, line = lines.tell(), lines.readline()
            found = line[:HASH_LENGTH].upper()
            if found == wanted:
                return True
            if not line or start >= high or found > wanted:
                high = middle
            else:
                low = start + len(line)
    return False


@register(Tags.security)
def file_is_there(app_configs, **kwargs) -> list[Error]:
    path = settings.LEAKED_PASSWORDS
    if not path:
        return []
    try:
        Path(path).open("rb").close()
    except OSError as error:
        return [
            Error(
                f"LEAKED_PASSWORDS: {error}",
                hint="Name a file that can be read, or none.",
                id="organizers.E001",
            )
        ]
    return []
