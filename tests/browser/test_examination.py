"""A referent at work on one file: a ready text, the mail read again, a conflict, a double merged, a decision undone."""

import pytest
from playwright.sync_api import expect

from events import drafting
from events.models import Event, ReplyTemplate
from semaine.models import OutboxMessage
from tests import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def agent(season):
    return factories.referent(territory="90")


def there(event):
    return f"/admin/events/event/{event.pk}/examiner/"


def test_ready_text_and_mail_are_read_before_anything_is_sent(season, open_page, agent):
    event = season.submitted(title="Visite de la forge")
    ReplyTemplate.objects.create(
        office=factories.office(),
        transition="request_changes",
        title="Accueil",
        text="Dites où se présenter.",
    )
    page = open_page(agent)
    page.goto(there(event))
    expect(page.locator("#place-map .pin")).to_be_visible()
    page.get_by_label("Message à l’organisateur").fill("Bonjour.")
    page.get_by_label("Réponse type").select_option(label="Accueil (Demande de compléments)")
    page.get_by_role("button", name="Insérer dans le message").press("Enter")
    expect(page.get_by_label("Message à l’organisateur")).to_be_focused()
    expect(page.get_by_label("Message à l’organisateur")).to_have_value("Bonjour.\n\nDites où se présenter.")
    page.get_by_text("Dire champ par champ").press("Enter")
    page.get_by_label("Titre", exact=True).press("Space")
    page.get_by_label("Titre : ce qui est à corriger").fill("Plus court.")
    page.get_by_role("button", name="Relire le courriel").press("Enter")
    page.locator(".mails summary", has_text="Demander des compléments").press("Enter")
    expect(page.locator(".mails details[open]").last).to_contain_text("Titre : Plus court.")
    page.get_by_role("button", name="Demander des compléments").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text(
        "L’organisateur sera prévenu par courriel dans une minute."
    )
    assert Event.objects.get().decisions.last().field_comments == {"title": "Plus court."}


def test_conflict_a_double_and_an_undone_decision(season, open_page, agent):
    event = season.submitted(title="Visite de la forge Martin")
    double = season.submitted(title="Visite forge Martin")
    page = open_page(agent)
    page.goto(there(event))
    drafting.revise(
        event,
        by=event.created_by,
        at=season.now,
        values={"title": "Visite de la forge Dupont Martin"},
        version=1,
    )
    page.get_by_label("Je confirme").check()
    page.get_by_role("button", name="Accorder le label").click()
    expect(page.locator(".since-read")).to_contain_text("Visite de la forge Dupont Martin")

    page.get_by_role("link", name="Comparer et regrouper").click()
    page.get_by_role("button", name=f"dossier {event.pk}").click()
    expect(page.locator(".messagelist")).to_contain_text("est regroupé avec celui-ci")

    page.get_by_label("Je confirme").check()
    page.get_by_role("button", name="Accorder le label").click()
    address = Event.objects.get(pk=event.pk).get_absolute_url()
    page.get_by_role("button", name="Annuler cette décision").click()
    expect(page.locator(".messagelist")).to_contain_text("L’organisateur n’a reçu aucun courriel.")
    public = open_page(expected=["404 (Not Found)"])
    assert public.goto(address).status == 404
    subjects = OutboxMessage.objects.values_list("subject", flat=True)
    assert [each for each in subjects if "labellisé" in each] == []
    assert Event.objects.get(pk=double.pk).merged_into == event
