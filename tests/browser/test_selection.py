"""« Ma sélection » remembers in this browser alone, and is only a help: the address holds the choice."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

KEPT = "JSON.parse(localStorage.getItem('selection'))"
# A browser that keeps nothing: reading or writing fails.
REFUSE = """Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no") } })"""
# What a full disk does.
FULL = """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError") }"""
LIST = "/labelliser/"


def link(event) -> str:
    return (
        f'<p><a data-select="{event.uid}" href="/ma-selection/?e={event.uid}">Ajouter à ma sélection'
        f'<span class="visually-hidden"> : {event.title}</span></a></p>'
    )


@pytest.fixture
def events(season):
    titles = ("Fonderie", "Forge", "Port")
    return [
        season.labelled(title=title, slots=[season.slot(day)]) for day, title in enumerate(titles, start=3)
    ]


@pytest.fixture
def visitor(open_page, events):
    """Return a function that opens a visitor's page, on which one address lists the events to choose from."""

    def serve(route):
        answer = route.fetch()
        links = "".join(link(event) for event in events)
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{links}</main>"))

    def opened(script="", **options):
        page = open_page(**options)
        page.route(f"**{LIST}", serve)
        if script:
            page.add_init_script(script)
        return page

    return opened


def button(page, title):
    return page.get_by_role("button", name=f"sélection : {title}")


def header(page):
    return page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Ma sélection")


def titles(page):
    return page.locator(".plan h3").all_inner_texts()


def test_chosen_events_are_counted_kept_and_shown(visitor, events):
    page = visitor()
    page.goto(LIST)
    expect(header(page)).to_have_accessible_name("Ma sélection")
    first = button(page, "Fonderie")
    expect(first).to_have_attribute("aria-pressed", "false")
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(first).to_have_accessible_name("Ajouté à ma sélection : Fonderie")
    expect(header(page)).to_have_accessible_name("Ma sélection 1 événement")
    second = button(page, "Port")
    second.focus()
    page.keyboard.press("Space")
    expect(header(page)).to_have_accessible_name("Ma sélection 2 événements")

    page.reload()
    expect(button(page, "Fonderie")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "Forge")).to_have_attribute("aria-pressed", "false")
    header(page).click()
    expect(page).to_have_url(f"/ma-selection/?e={events[0].uid}&e={events[2].uid}")
    assert titles(page) == ["Fonderie", "Port"]
    expect(page.locator("#selection-offer")).to_be_hidden()
    assert page.context.cookies() == []


def test_cards_of_the_programme_are_chosen_and_stay_so_when_the_list_is_renewed(visitor, events):
    page = visitor()
    page.goto("/programme/")
    button(page, "Port").click()
    expect(header(page)).to_have_accessible_name("Ma sélection 1 événement")
    page.get_by_label("Mots").fill("port")
    page.get_by_role("button", name="Afficher les résultats").click()
    expect(page.locator("#resultats")).to_have_text("1 événement")
    expect(button(page, "Port")).to_have_attribute("aria-pressed", "true")


def test_pressed_again_it_leaves_the_selection(visitor):
    page = visitor()
    page.goto(LIST)
    for _ in range(2):
        button(page, "Forge").click()
    expect(button(page, "Forge")).to_have_accessible_name("Ajouter à ma sélection : Forge")
    expect(header(page)).to_have_accessible_name("Ma sélection")
    expect(header(page)).to_have_attribute("href", "/ma-selection/")


def test_removing_on_the_page_forgets_too(visitor, events):
    page = visitor()
    page.goto(LIST)
    button(page, "Fonderie").click()
    button(page, "Forge").click()
    # The plain address leads to what is kept.
    page.goto("/ma-selection/")
    expect(page).to_have_url(f"/ma-selection/?e={events[0].uid}&e={events[1].uid}")
    page.get_by_role("button", name="Retirer « Fonderie » de ma sélection").click()
    expect(page).to_have_url(f"/ma-selection/?e={events[1].uid}")
    assert titles(page) == ["Forge"]
    assert page.evaluate(KEPT) == [str(events[1].uid)]
    page.get_by_role("button", name="Retirer « Forge » de ma sélection").click()
    expect(page.get_by_text("Votre sélection est vide.")).to_be_visible()


def test_address_wins_and_offers_to_be_kept(visitor, events):
    page = visitor()
    page.goto(f"/ma-selection/?e={events[0].uid}")
    expect(header(page)).to_have_accessible_name("Ma sélection")
    page.get_by_role("button", name="Garder cette sélection").click()
    expect(header(page)).to_have_accessible_name("Ma sélection 1 événement")
    expect(page.locator("#selection-offer")).to_be_hidden()

    page.goto(f"/ma-selection/?e={events[1].uid}")
    assert titles(page) == ["Forge"]
    page.get_by_role("button", name="L’ajouter à la mienne").click()
    expect(page).to_have_url(f"/ma-selection/?e={events[0].uid}&e={events[1].uid}")
    page.goto(f"/ma-selection/?e={events[2].uid}")
    page.get_by_role("button", name="Remplacer la mienne").click()
    expect(header(page)).to_have_attribute("href", f"/ma-selection/?e={events[2].uid}")


def test_what_left_the_programme_is_forgotten(visitor, events):
    gone = "00000000-0000-4000-8000-000000000000"
    page = visitor(f"localStorage.selection ??= '{json.dumps([gone, str(events[0].uid)])}'")
    page.goto("/ma-selection/")
    expect(page.get_by_text("1 événement de votre sélection n’est plus au programme.")).to_be_visible()
    assert page.evaluate(KEPT) == [str(events[0].uid)]


def test_other_tab_follows(visitor):
    page = visitor()
    page.goto(LIST)
    with page.context.expect_page() as other:
        page.evaluate("open('/programme/')")
    button(page, "Port").click()
    expect(header(other.value)).to_have_accessible_name("Ma sélection 1 événement")


def test_links_drawn_later_work_too(visitor, events):
    page = visitor()
    page.goto(LIST)
    button(page, "Port").click()
    page.evaluate(
        """(html) => { document.querySelector("main").innerHTML = html;
        document.dispatchEvent(new Event("renewed")) }""",
        link(events[2]) + link(events[1]),
    )
    expect(button(page, "Port")).to_have_attribute("aria-pressed", "true")
    button(page, "Forge").click()
    expect(header(page)).to_have_accessible_name("Ma sélection 2 événements")


@pytest.mark.parametrize(
    "found", ["{", "null", '"x"', "[1, {}, null]", '["nope", "<b>"]', '{"length": 3}', ""]
)
def test_corrupt_memory_is_an_empty_selection(visitor, found):
    page = visitor(
        f"sessionStorage.seen || (localStorage.selection = {json.dumps(found)}); sessionStorage.seen = 1"
    )
    page.goto(LIST)
    expect(header(page)).to_have_accessible_name("Ma sélection")
    button(page, "Forge").click()
    page.reload()
    expect(header(page)).to_have_accessible_name("Ma sélection 1 événement")


@pytest.mark.parametrize("script", [REFUSE, FULL])
def test_browser_that_keeps_nothing_follows_the_plain_link(visitor, events, script):
    page = visitor(script)
    page.goto(LIST)
    page.get_by_role("link", name="Ajouter à ma sélection : Forge").click()
    expect(page).to_have_url(f"/ma-selection/?e={events[1].uid}")
    assert titles(page) == ["Forge"]
    expect(page.locator("#selection-offer")).to_be_hidden()
    page.get_by_role("button", name="Retirer « Forge » de ma sélection").click()
    expect(page).to_have_url("/ma-selection/")


def test_without_javascript_the_link_leads_to_the_selection(visitor, events):
    page = visitor(java_script_enabled=False)
    page.goto(LIST)
    page.get_by_role("link", name="Ajouter à ma sélection : Forge").click()
    assert titles(page) == ["Forge"]
    for hidden in ("Imprimer", "Copier l’adresse", "Garder cette sélection"):
        expect(page.get_by_text(hidden, exact=True)).to_be_hidden()


def test_full_selection_says_so(visitor, events):
    many = [f"00000000-0000-4000-8000-{number:012}" for number in range(100)]
    page = visitor(f"localStorage.selection ??= '{json.dumps(many)}'")
    page.goto(LIST)
    button(page, "Forge").click()
    expect(page.get_by_text("Une sélection contient 100 événements au plus")).to_be_visible()


def test_address_is_copied(visitor, events, live_server):
    page = visitor(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/ma-selection/?e={events[0].uid}")
    page.get_by_role("button", name="Copier l’adresse").click()
    expect(page.locator("[role=status][data-copied]")).to_have_text("Copié.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
