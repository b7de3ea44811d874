"""axe finds nothing on any page, narrow and wide, light and dark; and what axe does not look at."""

from dataclasses import dataclass
from pathlib import Path
from pprint import pformat

import axe_playwright_python
import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from events import amending, figures_kept, workflow
from events.models import Term
from organizers import agents, membership
from organizers.enums import MembershipRole
from organizers.models import Office, Partner
from semaine import history
from tests import factories
from tests.events.imports import files
from tests.sessions import digits

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
MISSING = ("404 (Not Found)", "410 (Gone)")
# The narrowest screen that must not scroll sideways.
NARROWEST = 320
# Rules that Django's own admin breaks in its own templates: (address, rule), and why.
DJANGOS_OWN: dict[tuple[str, str], str] = {}

# It loads no style sheets itself: of one that imports another it would make a style element, which our policy refuses.
FIND = """async (only) => {
  await Promise.all(document.getAnimations().map((animation) => animation.finished));
  const options = { resultTypes: ["violations"], preload: { assets: ["media"] }, ...(only && { runOnly: only }) };
  const { violations } = await axe.run(document, options);
  return violations.map(({ id, nodes }) => [id, nodes.map((node) => node.target.join(" "))]);
}"""
STRUCTURE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return {
    lang: document.documentElement.lang,
    title: document.title !== "",
    h1: document.querySelectorAll("h1").length,
    doubleIds: ids.filter((id, index) => ids.indexOf(id) !== index),
    overflow: Math.max(0, document.documentElement.scrollWidth - innerWidth),
  };
}"""
SOUND = {"lang": "fr", "title": True, "h1": 1, "doubleIds": [], "overflow": 0}


@dataclass
class Inspection:
    """Looks at one page after the other and keeps what is wrong, so that one run tells everything."""

    page: object

    def __post_init__(self):
        self.faults = {}

    def go(self, path, *, status=200, act=None):
        """Open an address, bring the page to the state to look at, and look."""
        self.page.set_viewport_size({"width": 1280, "height": 900})
        answer = self.page.goto(path)
        assert answer.status == status, path
        self.look(path, act)

    def send(self, button, name):
        """Press the button that sends a form, and look at the page that answers."""
        with self.page.expect_navigation():
            button.click()
        self.look(name)

    def look(self, name, act=None, widths=(360, 1280)):
        self.page.evaluate(AXE)
        if act:
            act(self.page)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for width in widths:
                self.page.set_viewport_size({"width": width, "height": 900})
                # Colours are what a scheme changes; the rest was looked at in the light.
                found = self.page.evaluate(FIND, ["color-contrast"] if scheme == "dark" else None)
                self._keep(name, f"{scheme} {width}", found)
        self.page.set_viewport_size({"width": NARROWEST, "height": 900})
        structure = self.page.evaluate(STRUCTURE)
        self.faults |= {f"{name} {what}": found for what, found in structure.items() if found != SOUND[what]}

    def assert_nothing_found(self):
        assert not self.faults, pformat(self.faults)

    def _keep(self, name, how, found):
        for rule, nodes in found:
            if (name, rule) not in DJANGOS_OWN:
                self.faults[f"{name} {how} {rule}"] = nodes


@pytest.fixture
def inspect(open_page):
    return lambda user=None: Inspection(open_page(user, expected=MISSING))


def test_axe_can_fail(page, season):
    page.goto("/")
    page.evaluate(AXE)
    page.evaluate("""document.querySelector("main").append(
        Object.assign(document.createElement("p"), { style: "color: #ccc; background: #fff", textContent: "pâle" }),
        document.createElement("img"))""")
    assert [rule for rule, _ in page.evaluate(FIND, None)] == ["color-contrast", "image-alt"]


def test_public_pages_have_no_accessibility_fault(season, inspect):
    factories.commune("59350")
    factories.commune("98718")
    factories.department().neighbours.add(factories.department("59"))
    Partner.objects.create(name="Partenaire d’exemple", region=factories.region())
    Office.objects.filter(pk=factories.office().pk).update(contact_email="referent@example.org")
    labelled = season.labelled(description="**Au programme**\n\n- la fonderie\n- l’usinage")
    cancelled = season.cancelled(title="Atelier de soudure", is_free=True)
    withdrawn = season.withdrawn(title="Concert")
    season.labelled_last_year(title="Visite de l’an dernier")
    season.copies(labelled, 50, format_code="job-dating")
    often = season.labelled(
        title="Exposition",
        slots=[season.slot(day, hour, hour + 2) for day in range(-1, 9) for hour in (9, 14)],
        commune_code="97411",
        attendance_mode="mixte",
        online_url="https://example.org/direct",
    )
    inspection = inspect()
    inspection.go("/")
    inspection.go("/programme/?page=3")
    inspection.go("/programme/?public=scolaires&nature=visite&q=fonderie")
    inspection.go("/programme/?region=99&du=demain")
    inspection.go("/programme/?q=introuvable")
    inspection.go("/carte/?page=3", act=_show_map)
    inspection.go("/carte/?nature=visite", act=_show_map)
    inspection.go(labelled.get_absolute_url())
    inspection.go(cancelled.get_absolute_url())
    inspection.go(often.get_absolute_url(), act=_unfold)
    for event in (labelled, cancelled, withdrawn):
        inspection.go(f"/label/{event.label_number}/")
    inspection.go("/label/SI-2025-90-9999/", status=404)
    inspection.go(f"{labelled.get_absolute_url()}signaler/")
    inspection.send(
        inspection.page.get_by_role("button", name="Envoyer le signalement"), "the report with errors"
    )
    inspection.go(f"{labelled.get_absolute_url()}signaler/?envoye=oui")
    inspection.go(f"/editions/{season.year - 1}/")
    for path in (
        "/territoires/",
        "/territoires/outre-mer/",
        "/referents/",
        "/editions/",
        labelled.organization.get_absolute_url(),
        "/labelliser/",
        "/accessibilite/",
        "/mentions-legales/",
        "/donnees-personnelles/",
        "/plan-du-site/",
        "/api/v1/",
    ):
        inspection.go(path)
    inspection.go("/territoires/r27/", act=_show_map)
    inspection.go("/territoires/r27/d90/", act=_show_map)
    inspection.go("/nulle-part/", status=404)
    inspection.go(withdrawn.get_absolute_url(), status=410)
    inspection.assert_nothing_found()


def test_figures_and_press_notes_have_no_accessibility_fault(season, inspect):
    factories.commune("98718")
    season.labelled(expected_participants=90_000, topic_codes=["mixite"])
    season.cancelled(title="Atelier de soudure")
    kept = figures_kept.take(factories.edition(season.year), by=factories.national(), at=timezone.now())
    inspection = inspect()
    inspection.go("/chiffres/")
    inspection.go(f"/chiffres/{kept.pk}/")
    inspection.go("/territoires/r27/d90/presse/")
    inspection.go("/territoires/outre-mer/d987/presse/")
    inspection.assert_nothing_found()


def _unfold(page):
    for summary in page.locator("main summary").all():
        summary.click()


def test_selection_and_integration_have_no_accessibility_fault(season, inspect):
    events = [season.labelled(), season.labelled(title="À la même heure"), season.cancelled(title="Atelier")]
    events.append(season.labelled(title="Exposition", slots=[season.slot(day) for day in range(3, 8)]))
    season.copies(events[0], 30)
    inspection = inspect()
    inspection.go("/ma-selection/")
    # A wrong uid beside the true ones: the page says both.
    inspection.go("/ma-selection/?e=x&e=" + "&e=".join(str(event.uid) for event in events), act=_show_map)
    inspection.page.evaluate(
        "uid => localStorage.setItem('selection', JSON.stringify([uid]))", str(events[0].uid)
    )
    inspection.go(f"/ma-selection/?e={events[1].uid}", act=_show_map)
    inspection.go("/integration/?vue=carte&hauteur=400")
    inspection.go("/integration/?territoire=x&hauteur=9")
    inspection.go("/integration/liste/")
    inspection.go("/integration/liste/?region=ZZ")
    inspection.go("/integration/carte/")
    inspection.go(f"/integration/evenement/{season.year}/visite-de-la-fonderie/")
    inspection.assert_nothing_found()


def _show_map(page):
    page.locator("#map .cell, #map .pin").first.wait_for()


def test_map_popup_has_no_accessibility_fault(season, inspect):
    season.copies(season.labelled(), 1, east=0)
    inspection = inspect()
    inspection.page.goto("/carte/")
    inspection.page.locator("#map .pin").click()
    expect(inspection.page.get_by_role("dialog")).to_be_visible()
    inspection.look("the popup of the map", widths=[1280])
    inspection.page.set_viewport_size({"width": 1280, "height": 900})
    inspection.page.get_by_role("dialog").get_by_role("button", name="Fermer").click()
    inspection.page.get_by_role("button", name="Zoom avant").click()
    expect(inspection.page.get_by_role("link", name="Chercher dans cette zone")).to_be_visible()
    inspection.page.get_by_role("button", name="Filtrer").click()
    inspection.look("the filters of the map", widths=[1280])
    inspection.assert_nothing_found()


def test_filters_opened_on_a_phone_have_no_accessibility_fault(season, inspect):
    season.labelled()
    inspection = inspect()
    page = inspection.page
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/programme/?nature=visite")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_label("Grand public")).to_be_visible()
    page.locator("summary", has_text="Thème").click()
    expect(page.get_by_label("Orientation")).to_be_visible()
    inspection.look("the filters on a phone", widths=[360])
    inspection.assert_nothing_found()


def test_files_to_export_have_no_accessibility_fault(season, inspect):
    season.labelled()
    inspection = inspect()
    inspection.go("/programme/", act=lambda page: page.locator("summary", has_text="Exporter").click())
    expect(inspection.page.get_by_role("link", name="S’abonner")).to_be_visible()
    inspection.assert_nothing_found()


def test_home_before_the_first_edition_has_no_accessibility_fault(season, inspect):
    season.edition.delete()
    inspection = inspect()
    inspection.go("/")
    inspection.assert_nothing_found()


def test_account_pages_have_no_accessibility_fault(season, inspect):
    inspection = inspect()
    for path in ("/compte/connexion/", "/compte/inscription/", "/compte/mot-de-passe/"):
        inspection.go(path)
        inspection.send(inspection.page.locator("main form [type=submit]").first, f"{path} with errors")
    for path in (
        "/compte/verification/",
        "/compte/verification/nimporte-quoi/",
        "/compte/mot-de-passe/envoye/",
        "/compte/mot-de-passe/change/",
        "/compte/mot-de-passe/1-faux/",
        "/compte/inactif/",
    ):
        inspection.go(path)
    inspection.assert_nothing_found()


def _amend(event, season):
    """Propose one of each, and change what changes at once."""
    values = {"title": "Modifié, de nuit", "venue": "Halle B", "description": "Une heure et demie."}
    slots = [season.slot(day) for day in range(4, 16)]
    amending.amend(event, by=event.created_by, at=season.now, values=values, slots=slots)


def test_organizer_pages_have_no_accessibility_fault(season, inspect):
    organizer = factories.user()
    factories.organization(organizer)
    draft = season.draft(organizer)
    incomplete = season.draft(organizer, title="À finir", summary="", slots=[], is_free=None)
    season.submitted(organizer, title="Envoyé")
    labelled = season.labelled(organizer, title="Labellisé")
    amended = season.labelled(organizer, title="Modifié")
    _amend(amended, season)
    asked = season.submitted(organizer, title="À compléter")
    workflow.request_changes(asked, by=factories.national(), at=season.now, comment="Précisez l’heure.")
    season.labelled_last_year(organizer=organizer)
    inspection = inspect(organizer)
    inspection.go("/espace/")
    inspection.go("/espace/?statut=labelled")
    inspection.go("/espace/?statut=merveilleux")
    inspection.go("/espace/reconduire/")
    inspection.go(f"/espace/evenements/{amended.pk}/")
    inspection.go(f"/espace/evenements/{asked.pk}/")
    inspection.go(f"/espace/evenements/{draft.pk}/quoi/")
    inspection.go("/espace/evenements/nouveau/")
    _send(inspection, "the new event with errors")
    for event in (draft, incomplete):
        for step in ("quoi", "quand", "qui", "envoyer"):
            inspection.go(f"/espace/evenements/{event.pk}/{step}/")
    inspection.go(f"/espace/evenements/{draft.pk}/ou/", act=_see_the_point)
    for step, field in (("quand", "#id_slots-0-start"), ("ou", "#id_postal_code"), ("qui", "#id_capacity")):
        inspection.page.goto(f"/espace/evenements/{draft.pk}/{step}/")
        inspection.page.locator(field).fill("" if step == "quand" else "0")
        _send(inspection, f"the step {step} with errors")
    inspection.page.goto(f"/espace/evenements/{draft.pk}/quoi/")
    inspection.page.evaluate("document.querySelector('#id_base').value = 'x'")
    inspection.page.get_by_label("Titre").fill("Écrit dans un autre onglet")
    _send(inspection, "two versions side by side")
    for event in (draft, labelled):
        inspection.go(f"/espace/evenements/{event.pk}/")
    inspection.go(f"/espace/evenements/{labelled.pk}/annuler/")
    inspection.send(
        inspection.page.get_by_role("button", name="Annuler l’événement"), "the cancellation with errors"
    )
    inspection.go(f"/espace/evenements/{draft.pk}/supprimer/")
    inspection.go("/compte/deconnexion/")
    inspection.assert_nothing_found()


def _send(inspection, name):
    inspection.send(inspection.page.get_by_role("button", name="Enregistrer", exact=True), name)


def _see_the_point(page):
    expect(page.locator("#point-map .pin")).to_be_visible()


def test_organization_pages_have_no_accessibility_fault(season, inspect):
    owner, camille = factories.verified(factories.user()), factories.user()
    home = factories.organization(owner, name="Fonderie Martin", slug="martin")
    other = home.memberships.get(user=factories.member(home, MembershipRole.OWNER))
    elsewhere = factories.organization(camille, name="Fonderie Durand", slug="durand")
    asked = membership.request_to_join(home, by=camille, at=season.now, message="Service formation")
    membership.invite(home, "x@example.org", MembershipRole.EDITOR, by=owner, at=season.now)
    invited = membership.invite(elsewhere, owner.email, MembershipRole.EDITOR, by=camille, at=season.now)
    page = "/espace/organisation/martin/"
    inspection = inspect(owner)
    inspection.go("/espace/organisation/")
    inspection.go("/espace/organisation-nouvelle/?siret=552081")
    inspection.go("/espace/organisation-nouvelle/fiche/?siret=55208131766522")
    inspection.page.get_by_label("Nom de l’organisation").fill("Fonderie Durant")
    create = inspection.page.get_by_role("button", name="Créer l’organisation")
    inspection.send(create, "the organization with errors")
    inspection.page.get_by_label("Type").select_option(label="Entreprise")
    inspection.send(create, "the organization that may exist")
    inspection.go(page)
    inspection.send(inspection.page.get_by_role("button", name="Envoyer l’invitation"), "members with errors")
    for end in (
        "modifier/",
        f"membres/{other.pk}/",
        f"membres/{other.pk}/retirer/",
        "quitter/",
        "rejoindre/",
    ):
        inspection.go(f"{page}{end}")
    inspection.go(f"{page}demandes/{asked.pk}/")
    inspection.go(f"{page}jetons/")
    make = inspection.page.get_by_role("button", name="Créer le jeton")
    inspection.send(make, "the tokens with errors")
    inspection.page.get_by_label("À quoi sert ce jeton").fill("Agenda du site")
    inspection.send(make, "the tokens with a new one")
    inspection.go("/espace/organisation/durand/rejoindre/")
    inspection.go("/espace/invitation/inconnue/", status=404)
    membership.accept(invited, by=owner, at=season.now)
    inspection.go("/espace/organisation/durand/")
    inspection.assert_nothing_found()


def test_import_pages_have_no_accessibility_fault(season, inspect):
    organizer = factories.user()
    factories.organization(organizer)
    for code in ("90010", "02738", "59350", "97101"):
        factories.commune(code)
    day = f"{season.day(3):%d/%m/%Y}"
    lines = [
        files.line(each, day=day, is_free="peut-être" if each % 20 else "oui" if each else "")
        for each in range(61)
    ]
    checked = files.worked(files.received(organizer, files.csv_of(*lines), season.edition))
    done = files.decided(
        files.worked(files.received(organizer, files.csv_of(*lines), season.edition)), submits=True
    )
    refused = files.worked(files.received(organizer, b"PK\x03\x04", season.edition))
    stuck = files.received(organizer, b"Titre", season.edition, attempts=3)
    running = files.received(organizer, b"Titre", season.edition, total=2189, done=812)
    inspection = inspect(organizer)
    inspection.go("/espace/import/", act=_unfold)
    inspection.send(inspection.page.get_by_role("button", name="Vérifier ce fichier"), "no file")
    for each in (checked, done, refused, stuck, running):
        inspection.go(each.get_absolute_url())
    inspection.go(f"{checked.get_absolute_url()}?voir=a-corriger&page=2")
    inspection.page.get_by_label("Tout ou rien").check()
    inspection.send(inspection.page.get_by_role("button", name="Importer"), "a decision with errors")
    season.draft(organizer)
    inspection.go("/espace/envoyer/")
    inspection.send(
        inspection.page.get_by_role("button", name="Envoyer les événements cochés"), "drafts sent"
    )
    inspection.assert_nothing_found()


def test_pages_of_the_national_team_have_no_accessibility_fault(season, inspect):
    nation, agent = factories.national(), factories.referent(territory="90")
    season.labelled(by=agent)
    invitation = agents.invite(agent.offices.get(), "camille@example.org", by=nation, at=season.now)
    inspection = inspect(nation)
    inspection.go("/admin/")
    inspection.go("/admin/journal/")
    inspection.go("/admin/journal/?du=hier&q=x")
    term = Term.objects.get(code="visite")
    history.write(term, "Libellé : « Visites » → « Visite ».", by=nation, at=season.now)
    inspection.go("/admin/events/term/")
    inspection.go(f"/admin/events/term/{term.pk}/history/")
    for name, row in (
        ("office", agent.offices.get()),
        ("officemembership", agent.office_memberships.get()),
        ("user", agent),
    ):
        inspection.go(f"/admin/organizers/{name}/")
        inspection.go(f"/admin/organizers/{name}/{row.pk}/change/")
    inspection.go("/admin/organizers/officeinvitation/")
    inspection.go(f"/admin/organizers/officeinvitation/{invitation.pk}/delete/")
    inspection.go("/admin/organizers/officeinvitation/add/")
    inspection.send(inspection.page.locator("[name=_save]"), "an invitation with errors")
    inspection.assert_nothing_found()


def test_examination_pages_have_no_accessibility_fault(season, inspect):
    referent = factories.referent(territory="90")
    waiting = season.submitted(description="**Au programme**\n\n- la fonderie")
    labelled = season.labelled(title="Déjà labellisé")
    amended = season.labelled(title="Modifié")
    _amend(amended, season)
    inspection = inspect(referent)
    inspection.go(f"/admin/events/event/{amended.pk}/examiner/")
    inspection.go("/admin/")
    inspection.go("/admin/events/event/")
    inspection.go("/admin/events/event/?statut=refused")
    inspection.go("/admin/events/event/?statut=merveilleux")
    inspection.go("/admin/events/event/?statut=tous", act=_open_help)
    inspection.go(f"/admin/events/event/decider/?dossier={waiting.pk}&dossier={labelled.pk}&dossier=0")
    inspection.send(inspection.page.get_by_role("button", name="Refuser"), "the group with errors")
    inspection.send(inspection.page.get_by_role("button", name="Accorder le label"), "the group decided")
    inspection.go(f"/admin/events/event/{labelled.pk}/examiner/")
    inspection.go(f"/admin/events/event/{waiting.pk}/examiner/")
    inspection.send(inspection.page.get_by_role("button", name="Refuser"), "the examination with errors")
    inspection.page.get_by_text("Dire champ par champ").click()
    inspection.send(inspection.page.get_by_role("button", name="Relire le courriel"), "the mails read again")
    inspection.go(f"/admin/events/event/{waiting.pk}/comparer/{labelled.pk}/")
    inspection.go(f"/admin/events/event/{waiting.pk}/transmettre/")
    inspection.go("/admin/events/replytemplate/")
    inspection.assert_nothing_found()


def _open_help(page):
    page.get_by_role("button", name="Aide des raccourcis").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_national_tools_have_no_accessibility_fault(season, inspect):
    season.submitted()
    inspection = inspect(factories.national())
    inspection.go("/admin/events/organizermessage/add/")
    page = inspection.page
    page.get_by_label("Édition").select_option(str(season.edition.pk))
    page.get_by_label("Aux organisateurs de").select_option("envoyes")
    page.get_by_label("Objet").fill("Préparez le bilan")
    page.get_by_label("Message").fill("Bonjour à tous.")
    inspection.send(page.get_by_role("button", name="Enregistrer", exact=True), "the preview of a message")
    inspection.send(page.get_by_role("button", name="Envoyer à 1 personne"), "the list of messages")
    inspection.assert_nothing_found()


def test_steering_pages_have_no_accessibility_fault(season, inspect):
    referent = factories.referent(territory="90")
    season.submitted()
    season.labelled(title="Déjà labellisé", expected_participants=1200)
    inspection = inspect(referent)
    inspection.go("/admin/tableau-de-bord/")
    inspection.go("/admin/tableau-de-bord/?edition=1900")
    inspection.go("/admin/tableau-de-bord/liste/")
    namesakes = [_namesake(season, title) for title in ("Test", "Essai 2")]
    inspection.go("/admin/qualite/")
    inspection.go("/admin/qualite/organisations/{}/{}/".format(*namesakes))
    inspection.send(inspection.page.get_by_role("button", name="Garder").first, "two organizations merged")
    inspection.assert_nothing_found()


def _namesake(season, title) -> int:
    owner = factories.user()
    home = factories.organization(owner, name="Fonderie du Lion", website="https://example.org")
    season.submitted(owner, title=title)
    return home.pk


def _end_factor():
    """Make the second factor of every session that of the day before."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        used = session[AUTHENTICATION_METHODS_SESSION_KEY]
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [each | {"at": each["at"] - 86_400} for each in used]
        session.save()


def test_what_was_sent_too_late_has_no_accessibility_fault(season, inspect):
    event = season.submitted()
    inspection = inspect(factories.referent(territory="90"))
    page = inspection.page
    page.goto(f"/admin/events/event/{event.pk}/transmettre/")
    page.get_by_label("Pourquoi").fill("Ce dossier est à votre porte.")
    _end_factor()
    inspection.send(page.get_by_role("button", name="Transmettre le dossier"), "the second factor again")
    page.get_by_label("Code").fill(digits())
    inspection.send(page.get_by_role("button", name="Continuer"), "what was sent too late")
    expect(page.get_by_label("Texte")).to_have_value("Ce dossier est à votre porte.")
    inspection.assert_nothing_found()


def test_tools_of_an_edition_have_no_accessibility_fault(season, inspect):
    inspection = inspect(factories.national())
    inspection.go(f"/admin/semaine/edition/{season.edition.pk}/outils/publier/")
    inspection.send(inspection.page.get_by_role("button", name="Publier"), "a tool that may not act")
    inspection.assert_nothing_found()
