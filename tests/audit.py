"""`make audit`: the HTML checker of the W3C and Lighthouse on the pages of a running demo.

They need Java and Node, which the tests do not: this says what is missing. The programs come from npm, pinned.
"""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

PACKAGES = ("vnu-jar@26.9.27", "lighthouse@12.8.2")
NEEDED = {"node": "nodejs", "npm": "npm", "java": "default-jre-headless", "chromium": "chromium"}
PAGES = (
    "/",
    "/programme/",
    "/carte/",
    "/editions/2024/",
    "/labelliser/",
    "/accessibilite/",
    "/compte/inscription/",
)
GATES = ("accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu"


def main(site: str, folder: Path) -> int:
    missing = [package for program, package in NEEDED.items() if not shutil.which(program)]
    if missing:
        print(f"Il manque de quoi auditer : apt install {' '.join(missing)}")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    install = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts"]
    subprocess.run([*install, "--prefix", folder, *PACKAGES], check=True)
    faults = check_html(site, folder) + check_scores(site, folder)
    print(f"{faults} faute(s)" if faults else "Aucune faute.")
    return min(faults, 1)


def check_html(site: str, folder: Path) -> int:
    pages = []
    for number, path in enumerate(PAGES):
        try:
            with urllib.request.urlopen(site + path, timeout=30) as answer:
                pages.append(folder / f"page-{number}.html")
                pages[-1].write_bytes(answer.read())
        except OSError:
            sys.exit(f"{site}{path} ne répond pas : lancez d’abord « make demo ».")
    jar = folder / "node_modules/vnu-jar/build/dist/vnu.jar"
    run = subprocess.run(
        ["java", "-jar", jar, "--errors-only", "--format", "gnu", *pages], stderr=subprocess.PIPE, text=True
    )
    print(run.stderr or f"HTML : {len(pages)} pages sans erreur.")
    return len(run.stderr.splitlines())


def check_scores(site: str, folder: Path) -> int:
    faults = 0
    for path in PAGES:
        report = folder / "lighthouse.json"
        command = [folder / "node_modules/.bin/lighthouse", site + path, "--quiet", "--output=json"]
        profile = f"--user-data-dir={folder / 'chromium'}"
        command += [f"--output-path={report}", f"--chrome-flags={FLAGS} {profile}"]
        subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": shutil.which("chromium")})
        found = json.loads(report.read_text())["categories"]
        scores = {name: category["score"] for name, category in found.items()}
        print(path, *(f"{name} {score:.2f}" for name, score in scores.items()))
        faults += sum(scores[name] < 1 for name in GATES)
    return faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
