"""A company register of a page: it speaks the real one's format, or answers what the test wants."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event as Signal
from threading import Thread
from urllib.parse import parse_qs, urlsplit

FORGE = "55208131766522"


def establishment(siret=FORGE, **fields):
    return {
        "siret": siret,
        "est_siege": False,
        "etat_administratif": "A",
        "activite_principale": "24.51Z",
        "activite_principale_naf25": "24.51Y",
        "adresse": "12 BIS RUE DE LA FORGE 90000 BELFORT",
        "complement_adresse": None,
        "numero_voie": "12",
        "indice_repetition": "BIS",
        "type_voie": "RUE",
        "libelle_voie": "DE LA FORGE",
        "cedex": None,
        "code_postal": "90000",
        "commune": "90010",
        "libelle_commune": "BELFORT",
        "departement": "90",
        "latitude": "47.63",
        "longitude": "6.86",
        "liste_enseignes": None,
        "liste_uai": None,
        "statut_diffusion_etablissement": "O",
    } | fields


def company(*places, **fields):
    places = places or (establishment(),)
    return {
        "siren": places[0]["siret"][:9],
        "nom_complet": "FONDERIE DU LION (FDL)",
        "nom_raison_sociale": "FONDERIE DU LION",
        "sigle": "FDL",
        "activite_principale": "24.51Z",
        "activite_principale_naf25": "24.51Y",
        "nature_juridique": "5710",
        "etat_administratif": "A",
        "statut_diffusion": "O",
        "siege": establishment("55208131700000", est_siege=True, commune="59350", code_postal="59000"),
        "matching_etablissements": list(places),
    } | fields


def results(*companies):
    found = {"results": list(companies), "total_results": len(companies), "page": 1, "per_page": 1}
    return json.dumps(found | {"total_pages": len(companies)}).encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        address = urlsplit(self.path)
        self.server.asked.append((address.path, parse_qs(address.query)))
        self.server.answer(self)

    def say(self, body, *, status=200, kind="application/json", **headers):
        self.send_response(status)
        sent = {"Content-Type": kind, "Content-Length": str(len(body))} | headers
        for name, value in sent.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class CompanyRegister(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.companies = {FORGE: company()}
        self.closing = Signal()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, request):
        """What is answered to a request; a test replaces it."""
        found = self.companies.get(self.asked[-1][1]["q"][0])
        request.say(results(*([found] if found else [])))

    def handle_error(self, request, client_address):
        pass  # the client hung up on a slow answer, as it should


@contextmanager
def company_register():
    with CompanyRegister() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
