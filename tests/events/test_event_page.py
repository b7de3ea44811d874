"""An event's page answers in order: may I come, when, where, how; and it leads on."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine
from django.core.cache import cache

from events import workflow
from events.enums import AccessMode, AttendanceMode, Precision, RegistrationKind
from events.models import Event, Term
from tests import factories
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)
AFTER = datetime(2025, 11, 28, 8, tzinfo=UTC)
ONLINE = {"attendance_mode": AttendanceMode.ONLINE, "online_url": "https://example.org/direct"}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def words(html: str) -> str:
    """The text of a piece of a page, as it is read."""
    return " ".join(unescape(re.sub(r"<(svg|script).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)).split())


def page_of(client, event, at=NOW) -> str:
    with time_machine.travel(at, tick=False):
        return client.get(event.get_absolute_url()).content.decode()


def facts(page: str) -> dict[str, str]:
    """What each cell of the facts says."""
    cells = re.findall(
        r"<dt>(.*?)</dt>(.*?)</div>", re.search(r'<dl class="facts">(.*?)</dl>', page, re.S)[1], re.S
    )
    return {label: words(text) for label, text in cells}


def part(page: str, name: str) -> str:
    return re.search(rf'<section class="{name}".*?</section>', page, re.DOTALL)[0]


def cancelled(**fields):
    event = factories.labelled(**fields)
    return workflow.cancel(event, by=event.created_by, at=NOW, comment="Travaux.")


def test_page_answers_in_the_order_of_the_questions(client):
    event = factories.labelled(capacity=25, accessibility_codes=["mi"], address="1 rue de l’Usine")
    assert list(facts(page_of(client, event)).items()) == [
        ("Pour qui", "Scolaires (collégiens, lycéens), Demandeurs d’emploi"),
        ("Accès", "Gratuit Entrée libre, 25 places"),
        ("Quand", "Jeudi 20 novembre , 9 h–11 h 30"),
        (
            "Où",
            "1 rue de l’Usine, 90000 Belfort Position approximative sur la carte : le centre de la commune.",
        ),
        ("Accessibilité", "Handicap moteur"),
    ]


def test_page_says_who_it_is_reserved_to(client):
    event = factories.labelled(access_mode=AccessMode.RESERVED, reserved_to="Élèves du lycée Follereau")
    assert facts(page_of(client, event))["Pour qui"].endswith("Réservé à : Élèves du lycée Follereau")


def test_page_tells_when_accessibility_is_not_known(client):
    assert facts(page_of(client, factories.labelled()))["Accessibilité"].startswith("Non précisée.")


def test_exact_address_is_not_called_approximate(client):
    event = factories.labelled()
    Event.objects.filter(pk=event.pk).update(precision=Precision.ADDRESS)
    assert facts(page_of(client, event))["Où"] == "90000 Belfort"


def test_times_overseas_are_named(client):
    event = factories.labelled(commune_code="97411")
    assert facts(page_of(client, event))["Quand"] == (
        "Jeudi 20 novembre , 9 h–11 h 30 Horaires donnés en heure de La Réunion."
    )


def test_times_of_what_is_online_overseas_are_those_of_paris_too(client):
    slots = [
        factories.slot("2025-11-20", zone="Indian/Reunion"),
        factories.slot("2025-11-21", "01:00", "02:00", "Indian/Reunion"),
    ]
    mixed = {"attendance_mode": AttendanceMode.MIXED, "online_url": "https://example.org/direct"}
    event = factories.labelled(commune_code="97411", slots=slots, **mixed)
    assert facts(page_of(client, event))["Quand"] == (
        "Jeudi 20 novembre , 9 h–11 h 30 (6 h–8 h 30 à Paris) "
        "Vendredi 21 novembre , 1 h–2 h (jeudi 20 novembre, 22 h–23 h à Paris) "
        "Horaires donnés en heure de La Réunion."
    )


def test_online_event_of_the_mainland_needs_no_second_time(client):
    event = factories.labelled(commune_code=None, **ONLINE)
    assert facts(page_of(client, event))["Quand"] == "Jeudi 20 novembre , 9 h–11 h 30"


def test_slots_of_a_day_stand_together_and_long_lists_are_folded(client):
    days = [f"2025-11-{day}" for day in range(10, 17)]
    slots = [factories.slot(day, f"{hour:02}:00", f"{hour + 1:02}:00") for day in days for hour in (9, 14)]
    page = page_of(client, factories.labelled(slots=slots), datetime(2025, 11, 10, 12, tzinfo=UTC))
    shown, folded, past = (
        words(each) for each in re.findall(r'<ul class="agenda">(.*?)</ul>', page, re.DOTALL)
    )
    assert shown.startswith("Lundi 10 novembre , 14 h–15 h Mardi 11 novembre , 9 h–10 h , 14 h–15 h Mercredi")
    assert folded == (
        "Vendredi 14 novembre , 9 h–10 h , 14 h–15 h Samedi 15 novembre , 9 h–10 h , 14 h–15 h "
        "Dimanche 16 novembre , 9 h–10 h , 14 h–15 h"
    )
    assert past == "Lundi 10 novembre , 9 h–10 h"
    assert "Voir 3\u00a0autres jours" in page


def test_one_day_more_is_not_folded(client):
    event = factories.labelled(slots=[factories.slot(f"2025-11-{day}") for day in range(10, 15)])
    page = page_of(client, event)
    assert ("Vendredi 14 novembre" in facts(page)["Quand"], "autre" in facts(page)["Quand"]) == (True, False)


def test_slot_past_midnight_names_the_day_it_ends(client):
    slots = [factories.slot("2025-11-20", "22:00", "02:00"), factories.slot("2025-11-22", "22:00", "00:00")]
    page = page_of(client, factories.labelled(slots=slots))
    assert facts(page)["Quand"] == (
        "Jeudi 20 novembre , 22 h – vendredi 21 novembre, 2 h Samedi 22 novembre , 22 h–0 h"
    )


def registered(kind, value, **fields):
    given = {"access_mode": AccessMode.REGISTRATION, "registration_kind": kind, "registration_value": value}
    return factories.labelled(**given | fields)


@pytest.mark.parametrize(
    ("kind", "value", "button"),
    [
        (RegistrationKind.LINK, "https://example.org/visite", ("https://example.org/visite", "S’inscrire en ligne")),
        (RegistrationKind.EMAIL, "v@example.org", ("mailto:v@example.org", "S’inscrire par courriel")),
        (RegistrationKind.PHONE, "03 84 11 22 33", ("tel:0384112233", "Appeler pour s’inscrire")),
        (RegistrationKind.FRANCE_TRAVAIL, "Agence de Belfort", None),
    ],
)  # fmt: skip
def test_registration_is_one_clear_button(client, kind, value, button):
    page = part(page_of(client, registered(kind, value)), "join")
    buttons = re.findall(r'<a class="button no-print" href="(.*?)".*?>(.*?)</a>', page)
    assert buttons == ([button] if button else [])
    assert value in words(page)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Entrée libre. Venez sans vous inscrire."),
        ({"access_mode": AccessMode.RESERVED, "reserved_to": "Élèves"}, "Pour vous inscrire, adressez-vous"),
        ({"is_full": True}, "Complet : il n’y a plus de place."),
    ],
)
def test_page_tells_how_to_take_part(client, fields, sentence):
    assert sentence in words(part(page_of(client, factories.labelled(**fields)), "join"))


def test_nobody_registers_for_what_is_full_over_or_cancelled(client):
    link = (RegistrationKind.LINK, "https://example.org/visite")
    full = page_of(client, registered(*link, is_full=True))
    over = page_of(client, registered(*link), AFTER)
    event = registered(*link)
    workflow.cancel(event, by=event.created_by, at=NOW, comment="Travaux.")
    gone = page_of(client, event)
    assert [page.count('href="https://example.org/visite"') for page in (full, over, gone)] == [0, 0, 0]
    offers = [part(page, "join") for page in (full, over, gone)]
    assert [offer.count("Ajouter à mon agenda") for offer in offers] == [1, 0, 0]
    assert [offer.count('data-select="') for offer in offers] == [1, 0, 0]


def test_page_says_that_the_event_is_cancelled_full_or_over(client):
    assert "Cet événement est annulé." in page_of(client, cancelled())
    assert "Cet événement est complet." in page_of(client, factories.labelled(is_full=True))
    over = page_of(client, factories.labelled(is_full=True), AFTER)
    assert "Cet événement est complet." not in over
    assert ("Cet événement est terminé." in over, "C’était pendant l’édition" in over) == (True, False)


def test_page_of_a_past_edition_leads_to_the_programme_of_today(client):
    page = page_of(client, factories.labelled(), datetime(2026, 3, 1, tzinfo=UTC))
    assert "C’était pendant l’édition 2025. Voir le programme d’aujourd’hui" in words(part(page, "join"))
    assert facts(page)["Quand"] == "Jeudi 20 novembre 2025 , 9 h–11 h 30"


def test_page_leads_to_organizer_selection_map_sectors_and_report(client):
    Term.objects.create(kind="sector", code="mines-et-metallurgie", label="Mines et métallurgie")
    event = factories.labelled()
    page = page_of(client, event)
    for link in (
        f'<a href="/organisateurs/{event.organization.slug}/">{event.organizer_name}</a>',
        f'href="/ma-selection/?e={event.uid}" class="select" data-select="{event.uid}"',
        'href="/carte/?pres=90010&amp;rayon=10"',
        'href="/editions/2025/?filiere=mines-et-metallurgie">Mines et métallurgie</a>',
        '<a href="/label/SI-2025-90-0001/">SI-2025-90-0001</a>, donné le mercredi 1er octobre 2025.',
        f'href="{event.get_absolute_url()}signaler/"',
    ):
        assert link in page


def test_page_is_shared_without_script(client):
    event = factories.labelled(title="Visite & « café »", summary="Venez\u00a0!")
    [address] = re.findall(r'href="(mailto:\?.*?)"', page_of(client, event))
    assert unescape(address) == (
        "mailto:?subject=Visite%20%26%20%C2%AB%20caf%C3%A9%20%C2%BB"
        "&body=Venez%C2%A0%21%0A%0Ahttp%3A%2F%2Ftestserver%2Fevenements%2F2025%2Fvisite-cafe%2F"
    )


def test_page_names_its_address_and_its_picture(client):
    page = page_of(client, factories.labelled(title='Visite "à vif"'))
    url = "http://testserver/evenements/2025/visite-a-vif"
    found = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="(.*?)">', page))
    assert found == {
        "og:type": "website",
        "og:site_name": "Semaine de l’industrie",
        "og:locale": "fr_FR",
        "og:url": f"{url}/",
        "og:title": "Visite &quot;à vif&quot;",
        "og:description": "Du modèle à la pièce finie\u00a0: les métiers de la fonderie.",
        "og:image": f"{url}.png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Visite &quot;à vif&quot;, jeudi 20 novembre, 9\u00a0h–11\u00a0h\u00a030, "
        "Belfort (Territoire de Belfort)",
        "twitter:card": "summary_large_image",
    }
    assert f'<link rel="canonical" href="{url}/">' in page


def test_page_and_its_files_set_no_cookie_and_do_not_vary(client):
    url = factories.labelled().get_absolute_url()
    addresses = (
        url,
        f"{url[:-1]}.ics",
        f"{url[:-1]}.png",
        "/label/SI-2025-90-0001/",
        "/label/SI-2025-90-0009/",
    )
    answers = {path: client.get(path) for path in addresses}
    assert {path: (dict(each.cookies), each.headers.get("Vary")) for path, each in answers.items()} == {
        path: ({}, None) for path in addresses
    }


def others(page: str) -> list[str]:
    found = re.search(r'<section class="no-print" aria-labelledby="autres">.*?</section>', page, re.DOTALL)
    return re.findall(r"<h3><a [^>]*>(.*?)</a>", found[0]) if found else []


def test_other_events_are_of_the_territory_then_of_the_sector(client):
    event = factories.labelled(title="Celle-ci")
    later, sooner = [factories.slot("2025-11-22")], [factories.slot("2025-11-18")]
    factories.labelled(title="Loin, même filière", commune_code="59350")
    factories.labelled(title="Loin, autre filière", commune_code="59350", sector_codes=["chimie"])
    factories.labelled(title="Près, plus tard", sector_codes=["chimie"], slots=later)
    factories.labelled(title="Près, bientôt", slots=sooner)
    factories.labelled(title="En ligne, autre filière", commune_code=None, sector_codes=["chimie"], **ONLINE)
    assert others(page_of(client, event)) == ["Près, bientôt", "Près, plus tard", "Loin, même filière"]


def test_other_events_are_public_and_still_to_come(client):
    event = factories.labelled(title="Celle-ci")
    factories.submitted(title="Envoyée")
    cancelled(title="Annulée")
    workflow.withdraw(
        factories.labelled(title="Retirée"), by=factories.national(), at=NOW, comment="Payante."
    )
    factories.labelled(title="Finie", slots=[factories.slot("2025-11-10")])
    for number in range(5):
        factories.labelled(title=f"Suivante {number}")
    page = page_of(client, event, datetime(2025, 11, 12, tzinfo=UTC))
    assert others(page) == [f"Suivante {number}" for number in range(4)]


def test_online_event_leads_to_its_sector_wherever_it_was_examined(client):
    event = factories.labelled(commune_code=None, **ONLINE)
    assert event.department_id == "90"
    factories.labelled(title="Près du siège", sector_codes=["chimie"])
    factories.labelled(title="Même filière", commune_code="59350")
    page = page_of(client, event)
    assert others(page) == ["Même filière"]
    assert "Voir la carte autour" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_other_events_cost_the_same_queries(client, django_assert_num_queries, rows):
    event = factories.labelled()
    for number in range(rows):
        factories.labelled(title=f"Près {number}")
        factories.labelled(title=f"Loin {number}", commune_code="59350")
    # The cards of the others and the names of the formats are read, and then kept.
    for queries in (13, 10):
        cache.clear()
        with django_assert_num_queries(queries):
            client.get(event.get_absolute_url())


def test_withdrawn_page_leads_to_the_other_events_of_the_territory(client):
    by = factories.national()
    event = workflow.withdraw(factories.labelled(title="Retirée"), by=by, at=NOW, comment="Payante.")
    online = factories.labelled(title="Retirée en ligne", commune_code=None, **ONLINE)
    workflow.withdraw(online, by=by, at=NOW, comment="Payante.")
    page, online_page = page_of(client, event), page_of(client, online)
    assert (
        '/programme/?departement=90">Les autres événements près de là\u00a0: Territoire de Belfort'
        in unescape(page.replace("&nbsp;", "\u00a0"))
    )
    assert ("departement" in online_page, "Retirée" in page + online_page) == (False, False)


def test_preview_and_examination_show_the_same_facts(client):
    event = registered(RegistrationKind.EMAIL, "v@example.org")
    public = facts(page_of(client, event))
    sign_in(client, factories.referent())
    seen = facts(client.get(f"/admin/events/event/{event.pk}/examiner/").content.decode())
    assert {name: seen[name] for name in public} == public
    assert seen["Inscription"] == "Inscription par courriel : v@example.org"


def test_unfinished_draft_is_shown_to_its_organizer(client):
    event = factories.draft(slots=[], summary="", audience_codes=[], access_mode="", is_free=None)
    client.force_login(event.created_by)
    page = client.get(f"/espace/evenements/{event.pk}/envoyer/").content.decode()
    assert facts(page)["Quand"] == "Date à choisir"
