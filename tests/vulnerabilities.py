"""`make vulnerabilities`: does a published flaw concern the versions that requirements.txt pins? Asked of OSV.

`OSV_URL`: another server of the same format (https://google.github.io/osv.dev/post-v1-query/), such as a mirror.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from semaine.text import NBSP, count

REQUIREMENTS = Path(__file__).parent.parent / "requirements.txt"
SOUND, FLAWED, UNKNOWN = 0, 1, 3
TIMEOUT = 15  # seconds, for each package
UNANSWERED = (
    f"Rien n’a été vérifié{NBSP}: la base des failles n’a pas répondu, ou requirements.txt est faux.\n"
)


def main(requirements: Path = REQUIREMENTS) -> int:
    """Say each flaw with the version that mends it. Return 0 for none, 1 for some, 3 when nobody could be asked."""
    told, why = _asked(requirements)
    if told is None:
        sys.stdout.write(f"{UNANSWERED}{why}\n")
        return UNKNOWN
    flaws = [(each, flaw) for each in told["dependencies"] for flaw in each.get("vulns", ())]
    for package, flaw in flaws:
        mended = ", ".join(flaw["fix_versions"]) or "aucune version"
        sys.stdout.write(
            f"{package['name']} {package['version']}{NBSP}: {flaw['id']}, corrigée dans {mended}\n"
        )
    packages = count(len(told["dependencies"]), "paquet vérifié", "paquets vérifiés")
    sys.stdout.write(f"{packages}, {count(len(flaws), 'faille publiée', 'failles publiées')}.\n")
    return FLAWED if flaws else SOUND


def _asked(requirements: Path) -> tuple[dict | None, str]:
    """Return what pip-audit found, or None and the last thing that it said."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        requirements,
        "--require-hashes",
        "--disable-pip",
    ]
    command += ["--vulnerability-service", "osv", "--format", "json", "--progress-spinner", "off"]
    command += ["--timeout", str(TIMEOUT)]
    if url := os.environ.get("OSV_URL"):
        command += ["--osv-url", url]
    # It ends with 1 for a flaw, and as well when it could not ask: only what it prints tells one from the other.
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(run.stdout), ""
    except ValueError:
        return None, (run.stderr.strip().splitlines() or [""])[-1]


if __name__ == "__main__":
    sys.exit(main())
