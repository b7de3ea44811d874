"""The steps: what each shows, what saving one does, and that nothing typed is lost."""

import re

import pytest
from django.test import Client

from events import drafting, steps, workflow
from events.enums import Status
from events.models import Event, Term
from organizers.enums import MembershipRole
from organizers.models import Membership
from tests import factories
from tests.events import form_pages
from tests.events.form_pages import NEW, STEPS, as_sent, kept, plain, said, slots, step_of, typed
from tests.factories import slot
from tests.html import faults

pytestmark = pytest.mark.django_db

_frame, organizer = form_pages._frame, form_pages.organizer
CODES = ("quoi", "quand", "ou", "qui")
PASSWORD = "motdepasse-1234"


@pytest.fixture
def event(organizer):
    return factories.draft(organizer)


def live(client, address, data):
    return client.post(address, data | {"partial": "1"})


def test_steps_follow_each_other_and_save_all_that_is_typed(client, organizer):
    answer = client.post(NEW, typed("quoi", next="1"))
    event = Event.objects.get()
    for step, after in zip(CODES[1:], (*CODES[2:], "envoyer"), strict=True):
        assert answer.url == step_of(event, step)
        answer = client.post(answer.url, typed(step, event, next="1"))
        assert answer.url == step_of(event, after)
    pages = {step: kept(client.get(step_of(event, step)).content.decode(), STEPS[step]) for step in CODES}
    shown = {"city": ["Belfort (90000, Territoire de Belfort)"]}
    series = {"weekdays": [f"{day}" for day in range(7)]}
    assert pages == {
        "quoi": as_sent(STEPS["quoi"]),
        "quand": as_sent(STEPS["quand"]) | series,
        "ou": as_sent(STEPS["ou"]) | shown,
        "qui": as_sent(STEPS["qui"]),
    }
    event.refresh_from_db()
    assert event.slots.get().first_day.day == 20
    assert (event.commune_id, event.age_min, event.partners) == ("90010", 11, "Lycée du lac")
    page = client.get(step_of(event, "envoyer")).content.decode()
    assert "Envoyer au référent" in page


def test_new_event_is_of_the_organization_that_was_asked(client, organizer):
    second = factories.organization(organizer)
    page = client.get(f"{NEW}?organisation={second.slug}").content.decode()
    action = re.search(r'<form method="post" action="([^"]*)" enctype', page)[1]
    client.post(action, typed("quoi"))
    assert Event.objects.get().organization == second


def test_list_of_steps_says_what_each_lacks(client, organizer):
    client.post(NEW, typed("quoi", summary=""))
    event = Event.objects.get()
    response = client.get(step_of(event, "ou"))
    found = [(line.label, line.url, line.is_current, line.missing) for line in response.context["steps"]]
    assert found == [
        ("L’événement", step_of(event, "quoi"), False, ["Présentation"]),
        ("Les dates", step_of(event, "quand"), False, ["Dates"]),
        ("Le lieu", step_of(event, "ou"), True, ["Lieu"]),
        ("Le public", step_of(event, "qui"), False, ["Gratuité", "Public", "Accès"]),
        ("Vérifier et envoyer", step_of(event, "envoyer"), False, []),
    ]
    page = response.content.decode()
    assert re.findall(r'<li aria-current="step">\s*([^<]*?)\s*<', page) == ["Le lieu"]
    links = re.findall(r'<a href="([^"]*)">Corriger', page)
    assert sorted(links) == sorted(
        [
            f"{step_of(event, 'quand')}#id_slots",
            f"{step_of(event, 'qui')}#id_is_free",
            f"{step_of(event, 'qui')}#id_audience_codes",
            f"{step_of(event, 'quoi')}#id_summary",
            f"{step_of(event, 'ou')}#id_city",
            f"{step_of(event, 'qui')}#id_access_mode",
        ]
    )


def test_every_fault_leads_to_a_field_that_is_there(client, organizer):
    mixed = {"attendance_mode": "mixte", "online_url": "", "title": "", "summary": "", "contact_email": ""}
    event = factories.draft(
        organizer, commune_code=None, slots=[], audience_codes=[], access_mode="", **mixed
    )
    Event.objects.filter(pk=event.pk).update(is_free=None)
    page = client.get(step_of(event, "envoyer")).content.decode()
    links = re.findall(r'<a href="([^"]*)">Corriger', page)
    assert len(links) == 8
    for link in links:
        address, _, name = link.partition("#")
        assert f'id="{name}' in client.get(address).content.decode(), link


@pytest.mark.parametrize("step", CODES)
def test_every_step_is_valid_html(client, event, step):
    assert faults(client.get(step_of(event, step)).content.decode()) == []
    wrong = typed(step, event, title="", postal_code="9", capacity="x", **slots(("demain", "9", "8")))
    assert faults(client.post(step_of(event, step), wrong).content.decode()) == []
    other = typed(step, event, base="x") | (slots(("2025-11-21", "9:00", "10:00")) if step == "quand" else {})
    response = client.post(step_of(event, step), other)
    assert response.context["differences"] != []
    assert faults(response.content.decode()) == []


def test_new_event_and_check_are_valid_html(client, event):
    for address in (NEW, step_of(event, "envoyer"), f"/espace/evenements/{event.pk}/"):
        assert faults(client.get(address).content.decode()) == []


QUERIES = {"quoi": 10, "quand": 9, "ou": 8, "qui": 8, "envoyer": 9}


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("step", QUERIES)
def test_step_costs_the_same_queries(client, organizer, django_assert_num_queries, step, number):
    event = factories.draft(organizer, slots=[slot(f"2025-11-{day}") for day in range(20, 20 + number)])
    with django_assert_num_queries(QUERIES[step]):
        assert client.get(step_of(event, step)).status_code == 200


def test_new_event_costs_few_queries(client, organizer, django_assert_num_queries):
    with django_assert_num_queries(6):
        assert client.get(NEW).status_code == 200


def test_words_of_the_referent_stand_above_the_fields(client, organizer):

    event = factories.submitted(organizer)
    workflow.request_changes(event, by=factories.national(), at=factories.NOW, comment="Quel bâtiment ?")
    for step in CODES:
        assert "<p>Quel bâtiment ?</p>" in client.get(step_of(event, step)).content.decode()


def test_saving_says_what_became_of_the_change(client, organizer):
    draft, event = factories.draft(organizer), factories.labelled(organizer)

    def saved(which, step, **changes):
        response = client.post(step_of(which, step), typed(step, which, **changes), follow=True)
        return plain(str(list(response.context["messages"])[-1])), response.content.decode()

    assert saved(draft, "quoi")[0] == steps.SAVED
    labelled = {"title": event.title, "summary": event.summary, "format_code": "visite"}
    labelled |= {"sector_codes": event.sector_codes, "topic_codes": []}
    Term.objects.get_or_create(kind="sector", code=event.sector_codes[0], defaults={"label": "Métal"})
    words, page = saved(event, "quoi", **labelled, description="Deux heures.")
    assert (words, "votre référent doit d’abord accepter" in page) == (steps.ON_PROGRAMME, True)
    assert saved(event, "quoi", **labelled | {"title": "Un autre titre"})[0] == steps.PROPOSED


def test_full_event_is_said_full_at_once(client, organizer):
    event = factories.labelled(organizer)
    page = client.get(step_of(event, "qui")).content.decode()
    state = form_pages.FormState(page).state
    assert client.post(step_of(event, "qui"), state | {"is_full": "on"}).status_code == 302
    event.refresh_from_db()
    assert (event.is_full, event.changed_since_label) == (True, True)
    assert "Cet événement est complet." in client.get(event.get_absolute_url()).content.decode()


def test_what_the_organizer_did_since_is_no_word_of_the_referent(client, organizer):
    event = factories.labelled(organizer)
    drafting.revise(event, by=organizer, at=factories.NOW, values={"description": "Deux heures."})
    assert plain(event.decisions.last().comment) == "Changé tout de suite : description."
    pages = [client.get(step_of(event, step)).content.decode() for step in CODES]
    assert ["Dernier message du référent" in page for page in pages] == [False] * len(CODES)


def test_saving_the_same_changes_no_version_that_a_referent_reads(client, organizer):
    event = factories.submitted(organizer)
    Event.objects.filter(pk=event.pk).update(format_code="", sector_codes=[])
    for step in CODES:
        page = client.get(step_of(event, step)).content.decode()
        data = {name: values for name, values in form_pages.FormState(page).state.items() if name}
        assert client.post(step_of(event, step), data).status_code == 302
    event.refresh_from_db()
    assert event.version == 1


def test_preview_reads_as_the_public_will(client, event):
    data = typed("quoi", event, preview="1", save=None, description="**Gras** <script>")
    page = client.post(step_of(event, "quoi"), data).content.decode()
    assert '<div class="prose"><p><strong>Gras</strong> &lt;script&gt;</p>\n</div>' in page
    assert kept(page, ["description"]) == {"description": ["**Gras** <script>"]}


# Live: what is typed is assessed, and saved where nobody may be reading it.


def test_what_is_typed_is_saved_and_judged_without_a_page_load(client, event):
    answer = live(client, step_of(event, "qui"), typed("qui", event, is_free="non")).json()
    event.refresh_from_db()
    assert (event.is_free, event.version) == (False, 2)
    assert "L’événement est payant." in answer["parts"]["verdict"]
    assert "À compléter&nbsp;: gratuité" in answer["parts"]["steps"]
    assert plain(answer["saved"]) == "10 h"
    assert answer["state"]["base"] == form_pages.base_of(event, "qui")


def test_first_words_make_a_draft_that_the_buttons_then_save(client, organizer):
    data = typed("quoi")
    untitled = live(client, NEW, data | {"title": ""}).json()
    there = f"{NEW}?organisation={organizer.organizations.get().slug}"
    assert (untitled["saved"], untitled["action"], Event.objects.count()) == ("", there, 0)
    answer = live(client, NEW, data).json()
    event = Event.objects.get()
    assert answer["action"] == step_of(event, "quoi")
    client.post(answer["action"], data | {"base": answer["state"]["base"], "title": "Titre plus long"})
    event.refresh_from_db()
    assert (event.title, event.version) == ("Titre plus long", 2)


def test_what_is_right_is_saved_while_the_rest_is_not_yet(client, event):
    data = typed("qui", event, contact_email="camille@", capacity="40", age_min="90", age_max="x")
    answer = live(client, step_of(event, "qui"), data).json()
    event.refresh_from_db()
    assert (event.capacity, event.contact_email, event.age_min) == (40, "contact@example.org", None)
    assert plain(answer["saved"]) == "10 h"


def test_half_typed_line_takes_no_slot_away(client, event):
    data = typed("quand", event, **slots(("2025-11-20", "09:00", "")))
    answer = live(client, step_of(event, "quand"), data).json()
    assert (answer["saved"], event.slots.count()) == ("", 1)


def test_event_that_a_referent_may_read_is_judged_but_not_saved(client, organizer):
    event = factories.submitted(organizer)
    answer = live(client, step_of(event, "qui"), typed("qui", event, is_free="non")).json()
    event.refresh_from_db()
    assert (event.is_free, event.version, answer["saved"]) == (True, 1, "")
    assert "L’événement est payant." in answer["parts"]["verdict"]


def test_live_saving_overwrites_nothing_that_was_changed_elsewhere(client, event):
    old = typed("quoi", event, title="Premier")
    client.post(step_of(event, "quoi"), typed("quoi", event, title="Ailleurs"))
    answer = live(client, step_of(event, "quoi"), old).json()
    event.refresh_from_db()
    assert (event.title, answer["saved"], answer["problem"]) == ("Ailleurs", "", steps.ELSEWHERE)


def test_live_days_out_of_the_window_are_said_at_once(client, event):
    data = typed("quand", event, **slots(("2025-12-24", "09:00", "10:00")))
    window = live(client, step_of(event, "quand"), data).json()["parts"]["window"]
    assert "Hors des dates labellisables&nbsp;: mercredi 24 décembre 2025." in window


# A session that ends.


@pytest.mark.parametrize("step", ["quoi", "qui", "quand", "ou"])
def test_typed_step_comes_back_after_signing_in_again(organizer, step):
    event = factories.draft(organizer)
    browser = Client()
    browser.force_login(organizer)
    page = browser.get(step_of(event, step)).content.decode()
    typed_fields = STEPS[step] | (slots(("2025-11-21", "14:00", "15:00")) if step == "quand" else {})
    data = typed(step, event, author=kept(page, ["author"])["author"][0], **typed_fields)
    browser.logout()
    answer = browser.post(step_of(event, step), data)
    assert answer.url == f"/compte/connexion/?next={step_of(event, step)}"
    browser.force_login(organizer)
    response = browser.get(step_of(event, step))
    assert kept(response.content.decode(), typed_fields) == as_sent(typed_fields)
    assert [plain(str(each))[:29] for each in response.context["messages"]] == [
        "Votre session avait expiré. V"
    ]
    event.refresh_from_db()
    assert event.version == 1
    data["base"] = kept(response.content.decode(), ["base"])["base"][0]
    assert browser.post(step_of(event, step), data).status_code == 302
    assert "Votre session avait expiré" not in browser.get(step_of(event, step)).content.decode()


def test_typed_step_comes_back_to_nobody_else(organizer):
    browser = Client()
    browser.force_login(organizer)
    author = kept(browser.get(NEW).content.decode(), ["author"])["author"][0]
    browser.logout()
    browser.post(NEW, typed("quoi", title="Secret", author=author))
    other = factories.user()
    factories.organization(other)
    browser.force_login(other)
    assert "Secret" not in browser.get(NEW).content.decode()
    browser.force_login(organizer)
    assert "Secret" not in browser.get(NEW).content.decode()


def test_live_request_without_a_session_is_told_so_and_keeps_nothing(event):
    browser = Client()
    answer = live(browser, step_of(event, "quoi"), typed("quoi", event))
    assert (answer.status_code, list(browser.session.keys())) == (401, [])


def test_too_long_a_text_fills_no_session(event):
    browser = Client()
    browser.post(step_of(event, "quoi"), typed("quoi", event, description="x" * 200_000))
    assert list(browser.session.keys()) == []


def test_another_member_goes_on_on_another_device(event, organizer):
    colleague, device = factories.user(), Client()
    home = organizer.organizations.get()
    Membership.objects.create(user=colleague, organization=home, role=MembershipRole.EDITOR)
    device.force_login(colleague)
    assert device.post(step_of(event, "quoi"), typed("quoi", event)).status_code == 302
    event.refresh_from_db()
    assert (event.title, event.status) == ("Visite de l’atelier", Status.DRAFT)


def test_errors_are_said_once_and_linked(client, event):
    response = client.post(step_of(event, "quoi"), typed("quoi", event, title=""))
    page = response.content.decode()
    assert said(response) == {"title": ["Écrivez un titre : il désigne votre événement partout."]}
    assert '<a href="#id_title">Titre&nbsp;: Écrivez un titre' in page
    assert "(facultatif)" in page
