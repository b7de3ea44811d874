"""`python -m tests.faults`: all of them. `--quick`: those of `make test`. `--keep` writes the table here.

`--load 300`: no fault, but 200 organizers, 20 referents and 2 000 visitors for so many seconds.
"""

import argparse
import os
import secrets
import sys
import tempfile

import django


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", help="part of the name of a fault")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--load", type=int, default=0, metavar="SECONDS", help="no fault: everybody at once")
    options = parser.parse_args()
    # This process reads the database of the site, and opens its sessions.
    os.environ["SEMAINE_DATA"] = tempfile.mkdtemp(prefix="semaine-faults-")
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)
    os.environ["DJANGO_SETTINGS_MODULE"] = "semaine.settings"
    django.setup()
    if options.load:
        from tests.faults.crowd import everybody

        return everybody(options.load)
    from tests.faults.trying import try_all

    return try_all(options.only, is_quick=options.quick, keep=options.keep)


if __name__ == "__main__":
    sys.exit(main())
