"""What a program may write or have judged."""

import re

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiRequest, extend_schema
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from events.api import bodies, schema
from events.api.errors import Refusal
from events.api.event_fields import exact
from events.api.judging import judge, told
from events.api.tokens import TokenAuthentication
from events.api.upserting import Written, upsert
from events.querysets import is_public
from organizers.models import Organization
from semaine.models import Edition

NAME = "[A-Za-z0-9._~-]{1,40}"
NAME_SHAPE = {"type": "string", "pattern": f"^{NAME}$"}
BODY = OpenApiRequest(bodies.EVENT)


class Validate(APIView):
    @extend_schema(
        operation_id="validate",
        summary="Ce que disent les règles du label d’un événement",
        description="Rien n’est écrit. « valid » : l’événement pourrait être envoyé tel qu’il est.",
        request=BODY,
        responses=schema.answers(schema.VERDICT, 400, 404, 413, 415, 429, words="L’avis, règle par règle."),
    )
    def post(self, request):
        edition = Edition.objects.current(timezone.now())
        if edition is None:
            raise Http404
        found = judge(bodies.checked(request.data), Organization(), edition)
        findings = [told(each) for each in found.findings]
        return Response({"valid": found.valid, "findings": findings, "errors": found.errors})


class ByName(APIView):
    authentication_classes = [TokenAuthentication]

    @extend_schema(
        operation_id="upsert",
        summary="Créer ou mettre à jour un événement par l’identifiant qu’il a chez vous",
        description="Le même appel répété ne change rien. L’événement suit le même chemin que dans le formulaire : "
        "brouillon, puis avec « submit=true » envoyé à son référent. Une fois labellisé, ce sur quoi repose le "
        "label est proposé au référent, le reste change tout de suite.",
        parameters=[
            OpenApiParameter("organization", int, "path", description="« uid » de votre organisation."),
            OpenApiParameter(
                "key", str, "path", description="Le nom de votre logiciel, par exemple « agenda »."
            ),
            OpenApiParameter(
                "value", str, "path", description="L’identifiant de l’événement dans ce logiciel."
            ),
            OpenApiParameter("submit", bool, "query", description="Envoyer aussi l’événement au référent."),
        ],
        request=BODY,
        responses={
            201: schema.written("L’événement est créé."),
            **schema.answers(
                schema.WRITTEN, 400, 401, 404, 409, 413, 415, 422, 429, words="L’événement est à jour."
            ),
        },
    )
    def put(self, request, organization, key, value):
        if request.auth is None:
            raise NotAuthenticated
        if not request.auth.organization.is_known_as(organization):
            raise Http404
        name, submit = _name(key, value), _submit(request)
        body = bodies.checked(request.data)
        try:
            done = upsert(
                body, name, request.auth.organization, by=request.user, at=timezone.now(), submit=submit
            )
        except Refusal as refusal:
            findings = [told(each) for each in refusal.findings]
            return Response({"errors": refusal.errors, "findings": findings}, status=refusal.status)
        return Response(_written(done), status=201 if done.is_new else 200)


def _name(key: str, value: str) -> str:
    for name, each in (("key", key), ("value", value)):
        if not re.fullmatch(NAME, each):
            wanted = "1 à 40 lettres sans accent, chiffres ou . _ ~ -"
            raise ValidationError({name: [f"« {name} » : trouvé « {each[:60]} » ; attendu : {wanted}."]})
    return f"{key}:{value}"


def _submit(request) -> bool:
    asked = request.query_params.get("submit", "false")
    if asked not in ("true", "false"):
        raise ValidationError(
            {"submit": [f"« submit » : trouvé « {asked[:60]} » ; attendu : true ou false."]}
        )
    return asked == "true"


def _written(done: Written) -> dict:
    event = done.event
    return {
        "uid": event.pk,
        "uuid": str(event.uid),
        "status": event.status,
        "statusLabel": event.get_status_display(),
        "version": event.version,
        "label": event.label_number,
        "url": settings.SITE_URL + event.get_absolute_url() if is_public(event) else None,
        "editUrl": settings.SITE_URL + reverse("space_event", args=[event.pk]),
        "pendingChange": done.proposed,
        "valid": done.judgement.valid,
        "findings": [told(each) for each in done.judgement.findings],
        "updatedAt": exact(event.updated_at),
    }
