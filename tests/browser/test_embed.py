"""The frames in a page of another site: shown, scrolled, followed to the outside, and nothing else is framed."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import requests
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def elsewhere():
    """Another site, on an address that shares nothing with ours: it shows the HTML that it is given."""

    class Page(BaseHTTPRequestHandler):
        html = ""

        def do_GET(self):
            body = f'<!doctype html><html lang="fr"><link rel="icon" href="data:,"><title>Mairie</title>{Page.html}'
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Page.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield Page
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def show(open_page, elsewhere):
    """Return a function that opens a page of the other site with these frames in it."""

    def opened(html: str, **options):
        elsewhere.html = html
        page = open_page(also=[elsewhere.url], **options)
        page.goto(elsewhere.url)
        return page

    return opened


def built(open_page, query: str) -> str:
    """Return the code that the builder's page gives to copy."""
    page = open_page()
    page.goto(f"/integration/?{query}")
    return page.get_by_label("Code à copier").input_value()


def frame_of(page):
    return page.locator("iframe").element_handle().content_frame()


@pytest.mark.parametrize("width", [360, 1280])
def test_list_is_shown_and_scrolled_in_the_frame_of_another_site(season, open_page, show, width):
    event = season.labelled()
    season.copies(event, 5)
    page = show(built(open_page, "hauteur=300"), viewport={"width": width, "height": 700})
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="6 événements")).to_be_visible()
    inside = frame_of(page)
    assert inside.evaluate("innerHeight") == 300
    assert inside.evaluate("scrollTo(0, 100000), scrollY > 0")
    expect(frame.get_by_role("link", name="tout le programme")).to_be_in_viewport()
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.context.cookies() == []


def test_links_of_the_frame_open_outside_of_it(season, open_page, show, live_server):
    event = season.labelled()
    page = show(built(open_page, "hauteur=600"))
    with page.context.expect_page() as opened:
        page.frame_locator("iframe").get_by_role("link", name=event.title, exact=True).click()
    expect(opened.value).to_have_url(live_server.url + event.get_absolute_url())
    expect(page.frame_locator("iframe").get_by_role("heading", name="1 événement")).to_be_visible()


def test_map_leads_to_a_departement(season, open_page, show, live_server):
    season.labelled()
    page = show(built(open_page, "vue=carte&hauteur=800"))
    frame = page.frame_locator("iframe")
    frame.get_by_text("Les mêmes nombres en liste").click()
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Territoire de Belfort").click()
    expect(opened.value).to_have_url(f"{live_server.url}/programme/?departement=90")
    assert page.context.cookies() == []


def test_event_is_shown_where_its_address_is_pasted(season, show, live_server):
    event = season.labelled()
    address = live_server.url + event.get_absolute_url()
    told = requests.get(f"{live_server.url}/oembed/", {"url": address, "maxwidth": 340}, timeout=10).json()
    page = show(told["html"], viewport={"width": 360, "height": 700})
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name=event.title)).to_be_visible()
    assert frame_of(page).evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Voir la page de l’événement").click()
    expect(opened.value).to_have_url(address)


def test_every_other_page_refuses_the_frame(season, show, live_server):
    paths = (season.labelled().get_absolute_url(), "/", "/programme/", "/integration/", "/compte/connexion/")
    frames = "".join(f'<iframe src="{live_server.url}{path}"></iframe>' for path in paths)
    page = show(frames, expected=["frame-ancestors", "X-Frame-Options"])
    shown = [handle.content_frame().url for handle in page.locator("iframe").element_handles()]
    assert shown == ["chrome-error://chromewebdata/"] * len(paths)
