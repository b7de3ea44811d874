"""`make audit`: the W3C's HTML checker, Lighthouse, and the weight of the pages of a running demo.

It writes its figures as a dated table, to be kept beside this file. Java and Node are needed, which the tests do
without: it says what is missing. The programs come from npm, pinned.
"""

import gzip
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import urllib.request
from datetime import date
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

PACKAGES = ("vnu-jar@26.9.27", "lighthouse@12.8.2")
NEEDED = {"node": "nodejs", "npm": "npm", "java": "default-jre-headless", "chromium": "chromium"}
TABLE = Path(__file__).with_name("AUDIT.md")
FLAGS = "--headless=new --no-sandbox --disable-gpu"
GATES = {"accessibility": 1, "best-practices": 1, "seo": 1, "performance": 0.95}
# Lighthouse looks at what visitors come for; the HTML of all the others is checked too.
SCORED = ("/", "/programme/", "/carte/")
OTHERS = (
    "/territoires/",
    "/territoires/outre-mer/",
    "/referents/",
    "/editions/",
    "/editions/2024/",
    "/ma-selection/",
    "/integration/",
    "/integration/liste/",
    "/integration/carte/",
    "/labelliser/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/plan-du-site/",
    "/programme/?q=introuvable&pres=90010",
    "/programme/?region=99&du=demain",
    "/compte/inscription/",
)
HTML_MOST = 20_000
# First visit, everything compressed, in bytes.
VISIT_MOST = {"/programme/": 140_000, "/carte/": 240_000}
MARKERS_MOST_MS = 500
VIEWS = (
    "zoom=5&bbox=-5.2,41.3,9.6,51.1",
    "zoom=8&bbox=1.5,48.2,3.4,49.4",
    "zoom=12&bbox=2.25,48.81,2.42,48.91",
)
VIEW_MOST = 20_000
TEXT = re.compile(r"text/|json|javascript|svg")
FIRST_MARKER = """new MutationObserver((changes, observer) => {
  if (!document.querySelector(".leaflet-marker-icon")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.firstMarker = performance.now(); }));
}).observe(document, { childList: true, subtree: true });"""


class Audit:
    """The figures of one run, as lines of tables, and the number of faults."""

    def __init__(self, site: str, folder: Path):
        self.site, self.folder = site, folder
        self.faults = 0
        self.scores, self.weights = [], []

    def read(self, path: str) -> bytes:
        try:
            with urllib.request.urlopen(self.site + path, timeout=60) as answer:
                return answer.read()
        except OSError:
            sys.exit(f"{self.site}{path} ne répond pas : lancez d’abord « make demo ».")

    def judge(self, what: str, found: float, wanted: str, is_good: bool) -> str:
        """Return the figure for a table; a bad one is a fault, and printed."""
        self.faults += not is_good
        if not is_good:
            print(f"✗ {what} : {found} (attendu : {wanted})")
        return f"{found:g}" if is_good else f"**{found:g}**"


def found_pages(audit: Audit) -> list[str]:
    """Return the address of an event, and of its territory: the first of the programme."""
    event = re.search(r'<h3><a href="(/evenements/[^"]+)"', audit.read("/programme/").decode())[1]
    page = audit.read(event).decode()
    organizer = re.search(r'href="(/organisateurs/[^"]+)"', page)[1]
    label = re.search(r'href="(/label/[^"]+)"', page)[1]
    region = re.search(r'href="(/territoires/[a-z-]+/[a-z-]+/)"', audit.read("/territoires/").decode())[1]
    return [event, region, organizer, label, f"{event}signaler/"]


def check_html(audit: Audit, paths: list[str]) -> None:
    pages = []
    for number, path in enumerate(paths):
        pages.append(audit.folder / f"page-{number}.html")
        pages[-1].write_bytes(audit.read(path))
    jar = audit.folder / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = ["java", "-jar", jar, "--errors-only", "--format", "gnu", *pages]
    run = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    print(run.stderr or f"HTML : {len(pages)} pages sans erreur.")
    audit.faults += len(run.stderr.splitlines())


def check_scores(audit: Audit, paths: list[str]) -> None:
    report = audit.folder / "lighthouse.json"
    for path in paths:
        command = [
            audit.folder / "node_modules/.bin/lighthouse",
            audit.site + path,
            "--quiet",
            "--output=json",
        ]
        profile = f"--user-data-dir={audit.folder / 'chromium'}"
        command += [f"--output-path={report}", f"--chrome-flags={FLAGS} {profile}"]
        environment = os.environ | {"CHROME_PATH": shutil.which("chromium")}
        # Chromium sometimes misses the beginning of a trace, and Lighthouse asks to be run again.
        if subprocess.run(command, env=environment).returncode:
            subprocess.run(command, check=True, env=environment)
        found = {
            name: each["score"] or 0 for name, each in json.loads(report.read_text())["categories"].items()
        }
        marks = [
            audit.judge(f"{path} {name}", found[name], f"≥ {least}", found[name] >= least)
            for name, least in GATES.items()
        ]
        audit.scores.append(f"| `{path}` | {' | '.join(marks)} |")
        print(audit.scores[-1])


def check_weights(audit: Audit, paths: list[str]) -> None:
    """Weigh a first visit on a phone, as a proxy would compress it; nothing may come from another host."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for path in paths:
            parts = _visit(browser, audit.site + path)
            strangers = [url for url in parts if not url.startswith((audit.site, "data:"))]
            audit.faults += len(strangers)
            page, whole = parts[audit.site + path], sum(parts.values())
            most = VISIT_MOST.get(path, whole)
            cells = [
                audit.judge(f"{path} HTML", page, f"≤ {HTML_MOST}", page <= HTML_MOST),
                audit.judge(f"{path} visite", whole, f"≤ {most}", whole <= most),
                str(len(strangers)),
            ]
            audit.weights.append(f"| `{path}` | {' | '.join(cells)} |")
        times = [_first_marker(browser, audit.site) for _ in range(3)]
        browser.close()
    milliseconds = round(median(times))
    mark = audit.judge("premiers repères", milliseconds, "≤ 500 ms", milliseconds <= MARKERS_MOST_MS)
    audit.weights.append(
        f"\nPremiers repères de la carte, processeur ralenti 4 fois : {mark} ms après la demande."
    )
    for view in VIEWS:
        size = len(gzip.compress(audit.read(f"/carte/donnees.json?{view}")))
        mark = audit.judge(f"données {view}", size, f"≤ {VIEW_MOST}", size <= VIEW_MOST)
        audit.weights.append(f"Données de la carte, `{view}` : {mark} octets.")


def _visit(browser, url: str) -> dict[str, int]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page, parts = context.new_page(), {}
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(url, wait_until="networkidle")
    show = page.locator("#map-show")
    if show.is_visible():
        show.tap()
        page.wait_for_load_state("networkidle")
    for answer in answers:
        body = answer.body()
        is_text = TEXT.search(answer.headers.get("content-type", ""))
        parts[answer.url] = len(gzip.compress(body) if is_text else body)
    context.close()
    return parts


def _first_marker(browser, site: str) -> float:
    """Return the milliseconds from the first request for the map's data to its first marker on the screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(FIRST_MARKER)
    page.goto(f"{site}/carte/")
    page.wait_for_function("() => window.firstMarker")
    asked = page.evaluate(
        "() => performance.getEntriesByType('resource').find(({ name }) => name.includes('donnees.json')).startTime"
    )
    first = page.evaluate("() => window.firstMarker")
    context.close()
    return first - asked


def write_table(audit: Audit) -> None:
    lines = [
        f"# Audit du {date.today():%d/%m/%Y}",  # noqa: DTZ011 - the day on this machine
        "",
        f"Par `make audit`, sur le site de démonstration ; {os.cpu_count()} processeurs, {platform.machine()}.",
        "Une valeur en gras est hors de sa limite.",
        "",
        "## Lighthouse, téléphone simulé (de 0 à 1)",
        "",
        f"| page | {' | '.join(GATES)} |",
        f"|---|{'---|' * len(GATES)}",
        *audit.scores,
        "",
        "## Poids d’une première visite, en octets compressés",
        "",
        "| page | HTML | tout | requêtes vers un autre hôte |",
        "|---|---|---|---|",
        *audit.weights,
        "",
    ]
    TABLE.write_text("\n".join(lines))


def main(site: str, folder: Path) -> int:
    missing = [package for program, package in NEEDED.items() if not shutil.which(program)]
    if missing:
        print(f"Il manque de quoi auditer : apt install {' '.join(missing)}")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    install = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts"]
    subprocess.run([*install, "--prefix", folder, *PACKAGES], check=True)
    audit = Audit(site, folder)
    event, territory, *others = found_pages(audit)
    scored = [*SCORED, event, territory]
    check_html(audit, [*scored, *others, *OTHERS])
    check_weights(audit, scored)
    check_scores(audit, scored)
    write_table(audit)
    print(f"{audit.faults} faute(s)" if audit.faults else "Aucune faute.")
    return min(audit.faults, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
