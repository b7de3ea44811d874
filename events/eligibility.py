"""Is it eligible? The four rules of the label, and what a file needs to be complete.

Pure functions over facts: no database, no clock. The form, the admin and the workflow all call `assess`.
Source of the rules: the label's charter (dates, free of charge, target public, purpose).
"""

from collections.abc import Iterator
from datetime import date

from events.enums import AccessMode, Audience, RegistrationKind, Rule, Verdict
from events.findings import EventFacts, Finding, Place
from semaine.dates import LabelWindow, day_words, last_local_day, local
from semaine.geometry import distance_km
from semaine.text import count, join_words, place_key, thousands

# What the label rests on: to change one of these once labelled is a proposal that a referent answers.
PLACE_FACTS = ("attendance_mode", "venue", "address", "postal_code", "commune")
LABEL_FACTS = (
    "title",
    "summary",
    "format_code",
    "sector_codes",
    "audience_codes",
    "slots",
    *PLACE_FACTS,
    "online_url",
    "is_free",
    "access_mode",
    "reserved_to",
)
FAR_KM = 20
FAR_KM_GUYANE = 100
# The most that a place receives on a day unless it counts its seats, and that an online event has ever gathered.
CROWD_A_DAY = 2_000
CROWD_ONLINE = 100_000


def assess(facts: EventFacts, window: LabelWindow) -> tuple[Finding, ...]:
    """Return one finding or more per rule, in the order in which people read them."""
    return (
        dates(facts, window),
        free(facts),
        audience(facts),
        purpose(facts),
        presentation(facts),
        *place(facts),
        *link(facts),
        *territory(facts),
        access(facts),
        contact(facts),
        *attendance(facts),
    )


def failed(findings) -> list[Finding]:
    """Return what must be mended before the event can be sent or labelled."""
    return [finding for finding in findings if finding.verdict == Verdict.FAILED]


def _passed(rule: Rule, message: str, found: str = "", name: str = "") -> Finding:
    return Finding(rule, Verdict.PASSED, message, found, field=name)


def dates(facts: EventFacts, window: LabelWindow) -> Finding:
    wanted = f"{window}"
    days = slot_days(facts)
    outside = [day for day in days if not window.first <= day <= window.last]
    if not days:
        message = f"Ajoutez au moins un créneau, {window}."
        return Finding(Rule.DATES, Verdict.FAILED, message, "aucun créneau", wanted, "slots")
    if outside:
        found = _days_words(outside)
        message = f"Trop tôt ou trop tard : {found}. Les dates labellisables vont {window}."
        return Finding(Rule.DATES, Verdict.FAILED, message, found, wanted, "slots")
    message = f"Toutes les dates sont dans la période labellisable, {window}."
    return _passed(Rule.DATES, message, day_words(days[0], year=True), "slots")


def _days_words(days: list[date]) -> str:
    named = [day_words(day, year=True) for day in days[:3]]
    left = len(days) - len(named)
    return join_words(named + ([count(left, "autre jour", "autres jours")] if left else []))


def slot_days(facts: EventFacts) -> list[date]:
    """Return the local days, sorted, on which the slots begin and end."""
    days = set()
    for starts_at, ends_at in facts.slots:
        days.add(local(starts_at, facts.timezone).date())
        days.add(last_local_day(ends_at, facts.timezone))
    return sorted(days)


def free(facts: EventFacts) -> Finding:
    if facts.is_free:
        return _passed(Rule.FREE, "L’événement est gratuit.", "gratuit", "is_free")
    if facts.is_free is None:
        message = "Dites si l’événement est gratuit : le label le demande."
        return Finding(Rule.FREE, Verdict.FAILED, message, "sans réponse", "gratuit", "is_free")
    message = "L’événement est payant. Seul un événement gratuit peut recevoir le label."
    return Finding(Rule.FREE, Verdict.FAILED, message, "payant", "gratuit", "is_free")


def audience(facts: EventFacts) -> Finding:
    labels = [Audience(code).label for code in facts.audiences if code in Audience.values]
    if labels:
        found = join_words(labels)
        return _passed(Rule.AUDIENCE, f"Ouvert à : {found}.", found, "audience_codes")
    message = "Choisissez au moins un public : scolaires, jeunes, demandeurs d’emploi…"
    wanted = "au moins un public"
    return Finding(Rule.AUDIENCE, Verdict.FAILED, message, "aucun public", wanted, "audience_codes")


def purpose(facts: EventFacts) -> Finding:
    """The rule that no machine decides: does the event inform about industry?"""
    message = "Un référent vérifie que l’événement fait connaître l’industrie."
    return Finding(Rule.PURPOSE, Verdict.NEEDS_REVIEW, message, facts.summary, "", "summary")


def presentation(facts: EventFacts) -> Finding:
    missing = [
        (name, label)
        for name, label in (("title", "un titre"), ("summary", "un résumé"))
        if not getattr(facts, name).strip()
    ]
    if not missing:
        return _passed(Rule.PRESENTATION, "Le titre et le résumé sont remplis.", facts.title)
    wanted = join_words(label for _, label in missing)
    message = f"Il manque {wanted}."
    return Finding(Rule.PRESENTATION, Verdict.FAILED, message, "vide", wanted, missing[0][0])


def place(facts: EventFacts) -> Iterator[Finding]:
    if not facts.mode.has_place:
        return
    if facts.place is None:
        message = "Indiquez la commune et le code postal de l’événement."
        yield Finding(Rule.PLACE, Verdict.FAILED, message, "aucune commune", "une commune", "city")
        return
    found = f"{facts.place.commune} ({facts.place.department})"
    yield _passed(Rule.PLACE, f"Lieu de l’événement : {found}.", found, "city")


def link(facts: EventFacts) -> Iterator[Finding]:
    if not facts.mode.has_link:
        return
    if facts.online_url:
        yield _passed(Rule.LINK, "Le lien de connexion est donné.", facts.online_url, "online_url")
        return
    message = "Donnez le lien de connexion, par exemple https://visio.example.org/visite."
    wanted = "une adresse https://…"
    yield Finding(Rule.LINK, Verdict.FAILED, message, "aucun lien", wanted, "online_url")


def territory(facts: EventFacts) -> Iterator[Finding]:
    """Do the postal code, the typed territory and the point agree with the commune? The commune decides."""
    if not facts.mode.has_place or facts.place is None:
        return
    found = [*_typed_territory(facts, facts.place), *_postal_code(facts, facts.place)]
    found += _distance(facts, facts.place)
    yield from found
    if not found:
        where = f"{facts.place.department} ({facts.place.department_code})"
        yield _passed(Rule.TERRITORY, f"Département de l’événement : {where}.", where, "city")


def _typed_territory(facts: EventFacts, where: Place) -> Iterator[Finding]:
    for typed, true, kind in (
        (facts.typed_department, where.department, "le département"),
        (facts.typed_region, where.region, "la région"),
    ):
        if typed and place_key(typed) != place_key(true):
            message = (
                f"Vous indiquez « {typed} », mais {where.commune} se trouve dans {kind} « {true} ». "
                "Corrigez la commune ou le territoire."
            )
            yield Finding(Rule.TERRITORY, Verdict.FAILED, message, typed, true, "city")


def _postal_code(facts: EventFacts, where: Place) -> Iterator[Finding]:
    code = facts.postal_code
    if not code or code in where.postal_codes:
        return
    wanted = join_words(where.postal_codes[:3], "ou")
    if facts.postal_code_communes:
        others = join_words(facts.postal_code_communes[:3])
        message = (
            f"Le code postal {code} désigne {others}, alors que {where.commune} a {wanted}. "
            "Corrigez l’un ou l’autre."
        )
        yield Finding(Rule.TERRITORY, Verdict.FAILED, message, code, wanted, "postal_code")
    else:
        message = f"Le code postal {code} est inconnu ou un CEDEX : le référent vérifiera le lieu."
        yield Finding(Rule.TERRITORY, Verdict.NEEDS_REVIEW, message, code, wanted, "postal_code")


def _distance(facts: EventFacts, where: Place) -> Iterator[Finding]:
    if None in (facts.latitude, facts.longitude, where.latitude, where.longitude):
        return
    far = FAR_KM_GUYANE if where.department_code == "973" else FAR_KM
    km = distance_km(facts.latitude, facts.longitude, where.latitude, where.longitude)
    if km > far:
        message = f"Le point sur la carte est à {km:.0f} km du centre de la commune ({where.commune})."
        wanted = f"{far} km au plus"
        yield Finding(Rule.TERRITORY, Verdict.NEEDS_REVIEW, message, f"{km:.0f} km", wanted, "city")


def access(facts: EventFacts) -> Finding:
    if facts.access_mode not in AccessMode.values:
        message = "Dites comment on vient : entrée libre, sur inscription ou réservé."
        wanted = "un mode d’accès"
        return Finding(Rule.ACCESS, Verdict.FAILED, message, "sans réponse", wanted, "access_mode")
    if facts.access_mode == AccessMode.RESERVED and not facts.reserved_to.strip():
        message = "Dites à qui l’événement est réservé, par exemple « collégiens inscrits »."
        wanted = "le public concerné"
        return Finding(Rule.ACCESS, Verdict.FAILED, message, "vide", wanted, "reserved_to")
    if facts.access_mode == AccessMode.REGISTRATION and not _can_register(facts):
        message = "Dites comment s’inscrire : un lien, un courriel ou un téléphone."
        wanted = "un moyen de s’inscrire"
        return Finding(Rule.ACCESS, Verdict.FAILED, message, "vide", wanted, "registration_kind")
    label = AccessMode(facts.access_mode).label
    return _passed(Rule.ACCESS, f"Accès : {label.lower()}.", label, "access_mode")


def _can_register(facts: EventFacts) -> bool:
    if facts.registration_kind == RegistrationKind.FRANCE_TRAVAIL:
        return True
    return bool(facts.registration_kind and facts.registration_value.strip())


def contact(facts: EventFacts) -> Finding:
    if facts.contact_email.strip() or facts.contact_phone.strip():
        return _passed(Rule.CONTACT, "Le référent peut vous joindre.", name="contact_email")
    message = "Donnez un courriel ou un téléphone : le référent doit pouvoir vous joindre."
    wanted = "un courriel ou un téléphone"
    return Finding(Rule.CONTACT, Verdict.FAILED, message, "vide", wanted, "contact_email")


def attendance(facts: EventFacts) -> Iterator[Finding]:
    """Is the number of expected participants likely? It never blocks: a typing error is what it looks for.

    On the spot: at most the seats of a slot × the slots; where no seats are counted, 2 000 people a day. Online, or
    both: 100 000 in all.
    """
    expected, slots = facts.expected_participants, len(facts.slots) or 1
    if expected is None:
        return
    if facts.mode.has_link:
        most, why = CROWD_ONLINE, "en ligne"
    elif facts.capacity:
        seats = count(facts.capacity, "place")
        most, why = facts.capacity * slots, f"pour {seats} et {count(slots, 'créneau', 'créneaux')}"
    else:
        days = len(slot_days(facts)) or 1
        most, why = CROWD_A_DAY * days, f"en {count(days, 'jour')}, sans nombre de places"
    found, name = count(expected, "participant"), "expected_participants"
    if expected > most:
        message = f"Vous attendez {found} {why} : vérifiez ce nombre."
        wanted = f"{thousands(most)} au plus"
        yield Finding(Rule.ATTENDANCE, Verdict.NEEDS_REVIEW, message, found, wanted, name)
    else:
        yield _passed(Rule.ATTENDANCE, f"Participants attendus : {thousands(expected)}.", found, name)
