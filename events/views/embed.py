"""What partner sites show in a frame, the only framable pages, and the page that writes the code for it."""

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from events.enums import Audience, TermKind
from events.filters import PARAMETERS, PLACES, ProgrammeFilter
from events.found import Found
from events.france import france
from events.listing import listing
from events.models import Event, Term
from events.views.programme import edition_asked
from semaine.forms import PortalForm
from semaine.models import Department, Region
from semaine.public_pages import public_page
from semaine.text import count, join_words

LIST, MAP = "embed_list", "embed_map"
VIEWS = {"liste": LIST, "carte": MAP}
TERRITORIES = ("region", "departement")
SHORTEST, TALLEST, USUAL = 300, 2000, 600


class ChosenField(forms.ChoiceField):
    """One of the choices; nothing stands for the first. A wrong value is repeated."""

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def validate(self, value):
        if value and not self.valid_value(value):
            raise ValidationError(f"« {value[:60]} » n’est pas dans la liste. Choisissez-y une valeur.")


class HeightField(forms.IntegerField):
    """A number of pixels; nothing stands for the usual one."""

    def __init__(self, **kwargs):
        attrs = {"min": SHORTEST, "max": TALLEST, "step": 50}
        super().__init__(required=False, widget=forms.NumberInput(attrs), **kwargs)

    def to_python(self, value) -> int:
        text = value.strip() or str(USUAL)
        if text.isascii() and text.isdigit() and len(text) < 6 and SHORTEST <= int(text) <= TALLEST:
            return int(text)
        raise ValidationError(
            f"« {text[:20]} » n’est pas un nombre de {SHORTEST} à {TALLEST}, par exemple {USUAL}."
        )


def _territories():
    regions = [(f"region={code}", name) for code, name in Region.objects.values_list("code", "name")]
    departments = [
        (f"departement={code}", f"{name} ({code})")
        for code, name in Department.objects.values_list("code", "name")
    ]
    return [("", "Toute la France"), ("Régions", regions), ("Départements", departments)]


class EmbedForm(PortalForm):
    hide_optional = True

    vue = ChosenField(
        label="Ce que vous voulez montrer",
        choices=[("liste", "La liste des événements"), ("carte", "La carte de France")],
        widget=forms.RadioSelect,
    )
    territoire = ChosenField(label="Territoire")
    public = ChosenField(label="Public", choices=[("", "Tous les publics"), *Audience.choices])
    nature = ChosenField(label="Nature des événements")
    hauteur = HeightField(
        label="Hauteur du cadre", help_text=f"En pixels, de {SHORTEST} à {TALLEST}. Le contenu défile dedans."
    )

    def __init__(self, data):
        super().__init__({"vue": "liste", "hauteur": str(USUAL)} | data)
        self.fields["territoire"].choices = _territories()
        self.fields["nature"].choices = [("", "Toutes"), *Term.objects.choices(TermKind.FORMAT)]

    @property
    def query(self) -> str:
        """The filters chosen, as the programme names them."""
        chosen = self.cleaned_data
        filters = [chosen["territoire"].partition("=")[::2]] if chosen["territoire"] else []
        filters += [(name, chosen[name]) for name in ("public", "nature") if chosen[name]]
        return urlencode(filters)

    @property
    def address(self) -> str:
        """The embedded page, with the filters chosen."""
        return self._with_filters(VIEWS[self.cleaned_data["vue"] or "liste"])

    @property
    def feed(self) -> str:
        """The same events as a feed."""
        return settings.SITE_URL + self._with_filters("programme_atom")

    def _with_filters(self, name: str) -> str:
        return f"{reverse(name)}?{self.query}" if self.query else reverse(name)

    @property
    def code(self) -> str:
        return format_html(
            '<iframe src="{}" title="Programme de la Semaine de l’industrie" '
            'height="{}" loading="lazy" style="width: 100%; border: 0"></iframe>',
            settings.SITE_URL + self.address,
            self.cleaned_data["hauteur"],
        )


@csp_replace({"frame-src": [SELF]})
@public_page(*EmbedForm.base_fields)
@require_safe
def builder(request):
    printable = {name: "".join(filter(str.isprintable, value)) for name, value in request.GET.items()}
    form = EmbedForm({name: value for name, value in printable.items() if value})
    context = {
        "form": form,
        "is_ready": form.is_valid(),
        "oembed_url": settings.SITE_URL + reverse("oembed"),
        "most": settings.FILES_PER_MINUTE,
        "crumbs": [("Intégration", "")],
    }
    return render(request, "events/embed_builder.html", context)


def framable(*parameters: str):
    """Let any site show a page in a frame. It runs no script and sends no form. `parameters`: those that it reads."""
    policy = {"frame-ancestors": ["*"], "script-src": [NONE], "form-action": [NONE]}
    # Outside what is kept: a page that is kept has no headers of its own.
    return lambda view: xframe_options_exempt(
        csp_replace(policy)(public_page(*parameters)(require_safe(view)))
    )


@framable(*PARAMETERS)
def embedded_list(request):
    filterset = _filterset(request)
    if filterset is None:
        return render(request, "events/embed.html")
    results = listing(filterset, request.GET.get("page", ""))
    context = {"results": results, "page_obj": results.page, "heading": count(results.count, "événement")}
    return render(request, "events/embed_list.html", context | _common(filterset))


@framable(*PARAMETERS)
def embedded_map(request):
    filterset = _filterset(request)
    if filterset is None:
        return render(request, "events/embed.html")
    counts = Found(filterset).events.numbers("departement") if filterset.is_valid() else {}
    drawn = france(counts, lambda code: _programme_of(code, request.GET))
    context = {"france": drawn, "heading": count(drawn.count, "événement")}
    return render(request, "events/embed_map.html", context | _common(filterset))


def _filterset(request) -> ProgrammeFilter | None:
    """Return the state that the address asks for; None before any edition: a 404 would refuse the frame."""
    at = timezone.now()
    try:
        edition = edition_asked(request, at)
    except Http404:
        return None
    return ProgrammeFilter(request.GET, Event.objects.public(), edition=edition, at=at)


def _common(filterset: ProgrammeFilter) -> dict:
    errors = [message for found in filterset.form.errors.values() for message in found]
    return {"edition": filterset.edition, "errors": errors, "where": _where(filterset)}


def _where(filterset: ProgrammeFilter) -> str:
    """Return the names of the territories chosen."""
    chosen = [(filterset.form.fields[name].choices, filterset.values.get(name, ())) for name in TERRITORIES]
    return join_words(label for choices, codes in chosen for code, label in choices if code in codes)


def _programme_of(code: str, query) -> str:
    """Return the programme of a département, with the other filters of the embedded map."""
    kept = query.copy()
    for name in (*PLACES, "ou", "rayon", "page"):
        kept.pop(name, None)
    kept["departement"] = code
    return f"{reverse('programme')}?{kept.urlencode()}"
