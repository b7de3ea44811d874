from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

# `unaccent()` is not immutable and may not stand in a stored column; a dictionary in a configuration may.
FRENCH_PLAIN = """
CREATE TEXT SEARCH CONFIGURATION french_plain (COPY = french);
ALTER TEXT SEARCH CONFIGURATION french_plain
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(FRENCH_PLAIN, "DROP TEXT SEARCH CONFIGURATION french_plain"),
    ]
