"""The figures as a page: what each budget asks for, and whether it is met."""

import os
import platform
from pathlib import Path

from django.utils import timezone

from semaine.dates import today
from tests.bench.rounds import BARE, HELLO, MADE, PROXIED, UNCHANGED

MS_AT_MOST = {7_400: 12, 100_000: 20}
MAP_BYTES, QUERIES = 20_000, 12
SMALLEST = {UNCHANGED: 0.7, PROXIED: 0.8}
LABELS_A_SECOND, SUBMISSION_MS = 50, 100
MEGABYTES, START_SECONDS = 200, 2
# How many times slower a page may be while its server does other things.
BESIDE = 3


def document(found: list[dict]) -> str:
    """Return the whole page in Markdown."""
    head = [
        "# Mesures",
        "",
        "Écrites par `make bench`. Le temps de processeur est celui des processus web ; un rapport compare à la",
        f"référence de la même série (« {HELLO} », ou le même contenu servi comme fichier par nginx).",
        "",
        f"Le {today(timezone.now()):%d/%m/%Y}, {machine()}.",
    ]
    return "\n".join([*head, *(line for each in found for line in size(each))]) + "\n"


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")
    return f"{os.cpu_count()} cœurs {model or platform.machine()}, Python {platform.python_version()}"


def size(found: dict) -> list[str]:
    """Return the lines about one size of programme."""
    rows = [
        row(each, found["events"])
        for each in found["measures"]
        if each["way"] or each["name"] in (BARE, HELLO)
    ]
    header = (
        "| Page | Comment | Requêtes/s (extrêmes) | Rapport | Processeur | SQL | Octets (gzip) | Budget |"
    )
    return [
        "",
        f"## {number(found['events'])} événements",
        "",
        header,
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        "| Autre | Mesure | Budget |",
        "|---|---|---|",
        *others(found),
    ]


def row(each: dict, events: int) -> str:
    rates = f"{number(each['rate'])} ({number(each['slowest'])} – {number(each['fastest'])})"
    ratio = "" if each["ratio"] is None else decimal(each["ratio"])
    busy = "" if each["processor_ms"] is None else f"{decimal(each['processor_ms'])} ms"
    queries = each["queries"] if each["way"] == MADE else ""
    weight = f"{number(each['bytes'])} ({number(each['compressed'])})"
    cells = (each["name"], each["way"], rates, ratio, busy, queries, weight, budget(each, events))
    return f"| {' | '.join(f'{cell}' for cell in cells)} |"


def budget(each: dict, events: int) -> str:
    """Return what design and figure say to each other; nothing where there is no budget."""
    told = []
    if each["way"] == MADE and each["name"].startswith("programme") and events in MS_AT_MOST:
        told.append(verdict(each["processor_ms"] <= MS_AT_MOST[events], f"≤ {MS_AT_MOST[events]} ms"))
    if each["way"] == MADE and each["queries"]:
        told.append(verdict(each["queries"] <= QUERIES, f"≤ {QUERIES} requêtes SQL"))
    if each["way"] == MADE and each["name"].startswith("carte,"):
        told.append(verdict(each["compressed"] <= MAP_BYTES, "≤ 20 Ko"))
        told.append(verdict(each["processor_ms"] <= 20, "≤ 20 ms"))
    if each["way"] in SMALLEST:
        least = SMALLEST[each["way"]]
        told.append(verdict(each["ratio"] >= least, f"≥ {decimal(least)}"))
    return ", ".join(told)


def others(found: dict) -> list[str]:
    web, writes = found["web"], found["writes"]
    readers = writes["readers"]
    seen = (
        f"{number(readers['read'])} lectures et {readers['decisions']} décisions en {readers['seconds']} s : "
        f"{readers['wrong']} en retard de plus de 3 s, au plus {decimal(readers['latest'])} s"
    )
    most = max(web["kept"], web["made"])
    slower = found["beside"]["beside_ms"] / found["beside"]["alone_ms"]
    beside = (
        f"{decimal(slower)} × : {decimal(found['beside']['alone_ms'])} ms seule, "
        f"{decimal(found['beside']['beside_ms'])} ms pendant que le même serveur écrit quatre "
        f"classeurs ; {found['beside']['calls']} appels d’une seconde et demie, à l’autre serveur"
    )
    return [
        line("Mémoire d’un processus web", f"{most} Mo", verdict(most <= MEGABYTES, f"≤ {MEGABYTES} Mo")),
        line(
            "Démarrage d’un processus web",
            f"{decimal(web['start'])} s",
            verdict(web["start"] <= START_SECONDS, "≤ 2 s"),
        ),
        line(
            "Envoi d’un événement",
            f"{decimal(writes['submission_ms'])} ms",
            verdict(writes["submission_ms"] <= SUBMISSION_MS, "≤ 100 ms"),
        ),
        line("Label accordé", f"{decimal(writes['label_ms'])} ms", ""),
        line(
            "Labels par seconde, deux processus",
            decimal(writes["labels_a_second"]),
            verdict(writes["labels_a_second"] >= LABELS_A_SECOND, "≥ 50"),
        ),
        line(
            "95 % des pages, à côté de quatre exports et de quatre appels lents",
            beside,
            verdict(slower <= BESIDE, f"≤ {BESIDE} ×"),
        ),
        line("Décisions pendant la lecture", seen, verdict(readers["wrong"] == 0, "0")),
    ]


def line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def verdict(is_met: bool, words: str) -> str:
    return f"{words} {'✓' if is_met else '✗'}"


def number(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u202f")


def decimal(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
