"""The style page (/style/, debug only): every component in each state, with invented content."""

import datetime
from itertools import cycle
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render

from semaine.forms import PortalForm
from semaine.outlines import OUTLINES


def _event(**changes):
    facts = {
        "title": "Visite de l’usine de turbines de Belfort",
        "get_absolute_url": "#contenu",
        "organizer_name": "Ateliers du Lion",
        "place_label": "Belfort (Territoire de Belfort)",
        "when_label": "jeudi 19 novembre, 9\xa0h–11\xa0h\xa030",
        "format_label": "Visite d’usine",
        "access_label": "Gratuit, sur inscription",
        "audience_labels": ["Lycéens", "Étudiants", "Grand public"],
        "summary": "Suivez une turbine de la fonderie au banc d’essai, avec celles et ceux qui la fabriquent.",
        "is_cancelled": False,
        "is_full": False,
        "is_example": False,
        "after_place": "",
        "label_number": "SI-2026-90-0007",
        "uid": "00000000-0000-0000-0000-000000000000",
    }
    return SimpleNamespace(**(facts | changes))


EVENTS = [
    _event(is_example=True),
    _event(
        title="Job dating de l’aéronautique",
        place_label="Héricourt (Haute-Saône)",
        when_label="du lundi 16 au mercredi 18 novembre",
        is_full=True,
        after_place=", à 12\xa0km",
        format_label="Job dating",
        audience_labels=["Demandeurs d’emploi"],
    ),
    _event(title="Forum des métiers de la fonderie", is_cancelled=True, summary=""),
]
FINDINGS = [
    SimpleNamespace(
        verdict="passed",
        verdict_label="respectée",
        rule_label="Gratuité",
        message="L’événement est gratuit.",
    ),
    SimpleNamespace(
        verdict="failed",
        verdict_label="non respectée",
        rule_label="Dates",
        message="Le 10 décembre est après la fin de la période du label, le 7 décembre.",
    ),
    SimpleNamespace(
        verdict="needs_review",
        verdict_label="à vérifier par un référent",
        rule_label="Objet",
        message="Un référent vérifie que l’événement fait découvrir l’industrie.",
    ),
]
CHANGES = [
    SimpleNamespace(label="Titre", before=["Visite de la forge"], after=["Visite de la forge, de nuit"]),
    SimpleNamespace(label="Réservé à", before=[], after=["Collégiens inscrits"]),
]
DRAWN = [
    SimpleNamespace(count=number, tint=number, url="#contenu", words=f"{code}\xa0: {number}", path=path)
    for number, (code, path) in zip(cycle(range(6)), OUTLINES.items(), strict=False)
]
FRANCE = SimpleNamespace(
    drawn=DRAWN,
    others=[SimpleNamespace(url="#contenu", name="Polynésie française", count=3)],
    count=250,
)
VISITORS = [
    ("scolaires", "Je suis au collège ou au lycée"),
    ("demandeurs-emploi", "Je cherche un emploi"),
]
TONES = [("Brouillon", "neutral"), ("À examiner", "wait"), ("Labellisé", "good"), ("Refusé", "bad")]


class StyleForm(PortalForm):
    title = forms.CharField(label="Titre", help_text="Exemple : « Visite de la fonderie ».")
    email = forms.EmailField(label="Adresse électronique")
    summary = forms.CharField(label="Résumé", widget=forms.Textarea, required=False)
    sector = forms.ChoiceField(label="Filière", choices=[("", "Choisir"), ("a", "Énergie")])
    audiences = forms.MultipleChoiceField(
        label="Publics",
        choices=[("a", "Collégiens"), ("b", "Lycéens"), ("c", "Grand public")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Un seul suffit.",
    )
    mode = forms.ChoiceField(
        label="Où se passe-t-il ?",
        choices=[("a", "Sur place"), ("b", "En ligne")],
        widget=forms.RadioSelect,
        initial="a",
        required=False,
    )
    picture = forms.FileField(label="Image", required=False)
    free = forms.BooleanField(label="L’événement est gratuit")


def style(request):
    page = Paginator(range(200), 20).get_page(request.GET.get("page", 5))
    decision = {"at": datetime.datetime(2026, 10, 1, 12, 30, tzinfo=datetime.UTC), "comment": ""}
    decisions = [
        decision | {"label": "Label accordé", "by_label": "Référent – Bourgogne-Franche-Comté"},
        decision
        | {"label": "Compléments demandés", "by_label": "", "comment": "Quelle est l’adresse exacte ?"},
        decision | {"label": "Événement envoyé", "by_label": "Ateliers du Lion"},
    ]
    context = {
        "crumbs": [("Programme", "/programme/"), ("Page de style", "")],
        "events": EVENTS,
        "findings": FINDINGS,
        "decisions": [SimpleNamespace(**each) for each in decisions],
        "changes": CHANGES,
        "france": FRANCE,
        "tones": TONES,
        "visitors": VISITORS,
        "proposals": "Vous pouvez proposer un événement jusqu’au 23 novembre.",
        "page_obj": page,
        "elided": page.paginator.get_elided_page_range(page.number),
        "form": StyleForm({"title": "", "email": "a@", "mode": "a"}),
    }
    return render(request, "style.html", context)
