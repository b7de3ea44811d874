"""The texts that an office keeps ready: its agents write them, nobody else reads them."""

import pytest

from events.models import ReplyTemplate
from tests import factories
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

LIST = "/admin/events/replytemplate/"
TYPED = {"transition": "refuse", "title": "Payant", "text": "L’entrée est payante."}


def a_reply(territory):
    return ReplyTemplate.objects.create(office=factories.office(territory=territory), **TYPED)


@pytest.fixture
def agent(client):
    return sign_in(client, factories.referent())


def test_agent_writes_a_text_for_their_office(client, agent):
    client.post(f"{LIST}add/", TYPED | {"office": factories.office().pk})
    [reply] = ReplyTemplate.objects.all()
    assert (reply.office, reply.text) == (factories.office(), "L’entrée est payante.")
    client.post(f"{LIST}{reply.pk}/change/", TYPED | {"office": factories.office().pk, "text": "Payant."})
    assert ReplyTemplate.objects.get().text == "Payant."
    client.post(f"{LIST}{reply.pk}/delete/", {"post": "yes"})
    assert ReplyTemplate.objects.count() == 0


def test_texts_of_another_office_are_out_of_reach(client, agent):
    other = a_reply("59")
    a_reply("90")
    assert [each.office for each in client.get(LIST).context["cl"].result_list] == [factories.office()]
    for action in ("change", "delete", "history"):
        assert client.get(f"{LIST}{other.pk}/{action}/").status_code == 404
    page = client.post(f"{LIST}add/", TYPED | {"title": "Moi", "office": other.office.pk})
    assert list(page.context["adminform"].form.errors) == ["office"]
    assert ReplyTemplate.objects.count() == 2


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_texts_costs_the_same(client, agent, number, django_assert_num_queries):
    for each in range(number):
        ReplyTemplate.objects.create(office=factories.office(), **TYPED | {"title": f"Texte {each}"})
    with django_assert_num_queries(7):
        client.get(LIST)
