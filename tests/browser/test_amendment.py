"""A labelled event is changed: what the public sees meanwhile, what the referent compares, what is seen at last."""

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def organizer(season):
    person = factories.user()
    factories.organization(person)
    return person


def test_amendment_waits_for_the_referent_while_the_public_sees_what_is_labelled(
    season, open_page, organizer
):
    event = season.labelled(organizer, title="Visite de la forge", description="Une heure.")
    address = event.get_absolute_url()
    author, public = open_page(organizer), open_page()
    referent = open_page(factories.referent(territory="90"))

    author.goto(f"/espace/evenements/{event.pk}/")
    author.get_by_role("link", name="Modifier", exact=True).click()
    author.get_by_label("Titre").fill("Visite de la forge, de nuit")
    author.get_by_role("textbox", name="Description (facultatif)", exact=True).fill("Une heure et demie.")
    author.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(author.get_by_role("status").first).to_contain_text(
        "Votre modification est proposée à votre référent."
    )
    author.goto(f"/espace/evenements/{event.pk}/")
    expect(author.locator(".lede")).to_contain_text(
        "Votre référent examine la modification que vous proposez"
    )
    expect(author.locator(".diff")).to_contain_text("Visite de la forge, de nuit")

    public.goto(address)
    expect(public.get_by_role("heading", level=1)).to_have_text("Visite de la forge")
    expect(public.locator(".prose")).to_have_text("Une heure et demie.")

    referent.goto("/admin/events/event/")
    referent.get_by_role("link", name="Visite de la forge").click()
    expect(referent.locator(".diff .new").first).to_contain_text("Visite de la forge, de nuit")
    referent.get_by_role("button", name="J’ai vu les changements").click()
    expect(referent.locator(".messagelist")).to_contain_text("C’est fait")
    referent.get_by_role("link", name="Visite de la forge").click()
    expect(referent.get_by_role("button", name="J’ai vu les changements")).to_have_count(0)
    referent.get_by_role("button", name="Accepter la modification").click()
    expect(referent.locator(".messagelist")).to_contain_text("L’organisateur est prévenu par courriel.")

    public.reload()
    expect(public.get_by_role("heading", level=1)).to_have_text("Visite de la forge, de nuit")
    author.reload()
    expect(author.locator(".lede")).to_have_text(
        "Votre événement est au programme. Vous n’avez rien à faire."
    )
    expect(author.locator(".history")).to_contain_text("Modification acceptée")


def test_cancellation_tells_the_public_why_and_is_undone(season, open_page, organizer):
    event = season.labelled(organizer, title="Visite de la forge")
    author, public = open_page(organizer), open_page()
    author.goto(f"/espace/evenements/{event.pk}/")
    author.get_by_role("link", name="Annuler l’événement").click()
    author.get_by_label("Pourquoi l’annulez-vous ?").fill("La forge est en panne.")
    author.get_by_role("button", name="Annuler l’événement").click()
    expect(author.get_by_role("status")).to_have_text("L’événement est annulé.")

    public.goto(event.get_absolute_url())
    expect(public.locator(".notice")).to_contain_text("La forge est en panne.")
    author.get_by_role("button", name="Rétablir l’événement").click()
    expect(author.get_by_role("status")).to_have_text("L’événement est rétabli.")
    public.reload()
    expect(public.get_by_role("heading", level=1)).to_have_text("Visite de la forge")
    expect(public.locator(".notice")).to_have_count(0)


def test_events_of_last_year_are_renewed_without_a_word_to_type(season, open_page, organizer):
    season.labelled_last_year(organizer=organizer, title="Visite de la forge")
    season.labelled_last_year(organizer=organizer, title="Visite du moulage")
    page = open_page(organizer)
    page.goto("/espace/")
    page.get_by_role("link", name="Reconduire mes événements de l’an dernier").click()
    page.get_by_label("Visite du moulage").uncheck()
    page.get_by_role("button", name="Reconduire les événements cochés").click()
    expect(page.get_by_role("status")).to_contain_text("1 événement est reconduit en brouillon.")
    expect(page.locator("tbody tr", has_text="Visite de la forge")).to_contain_text("Brouillon")
    expect(page.locator("tbody tr", has_text="Visite du moulage")).to_contain_text("Pas encore reconduit")
