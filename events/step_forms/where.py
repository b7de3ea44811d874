"""Third step: where it takes place, on the spot or online, and the point on the map."""

from django.core.exceptions import ValidationError
from django.forms import HiddenInput, RadioSelect, TextInput
from django.urls import reverse_lazy

from events.enums import AttendanceMode, PointSource, Precision
from events.places import located
from events.step_forms.base import Difference, StepForm
from events.step_forms.fields import LinkField, one_of, text
from events.step_forms.slots import fault, moved
from semaine.communes import INSEE_CODE, label, place, resolve
from semaine.dates import HOME_ZONE
from semaine.forms import DegreeField, PostalCodeField, TextField
from semaine.models import Commune

HALF = "Donnez la latitude et la longitude, ou aucune des deux."
# What decides where the point is.
ADDRESS = ("commune", "address", "postal_code")


class WhereForm(StepForm):
    attendance_mode = one_of(
        AttendanceMode.choices,
        label="Comment participe-t-on ?",
        widget=RadioSelect,
        initial=AttendanceMode.ONSITE,
    )
    venue = text("Nom du lieu", 100, help_text="Par exemple : Fonderie Martin, bâtiment B.")
    address = text("Numéro et rue", 200, autocomplete="street-address")
    postal_code = PostalCodeField(label="Code postal", required=False)
    city = text("Commune", 100, autocomplete="address-level2")
    # The commune that the list proposed, by its code: combobox.js sends it in the place of its name.
    city_code = TextField(label="Code de la commune", max_length=5, required=False, widget=HiddenInput)
    online_url = LinkField(
        label="Lien de connexion",
        help_text="Pour un événement en ligne, par exemple https://visio.exemple.fr/visite.",
    )
    latitude = DegreeField(label="Latitude", most=90, required=False, help_text="Par exemple 47.64.")
    longitude = DegreeField(label="Longitude", most=180, required=False, help_text="Par exemple 6.86.")
    # The point that the page showed: another one was placed by hand, this one follows the address.
    shown_point = TextField(label="Point montré", max_length=40, required=False, widget=HiddenInput)

    for_label = ("city",)
    not_stored = ("base", "city", "city_code", "shown_point")

    def __init__(self, data=None, *args, contents, **kwargs):
        data = _with_its_name(data) if data else data
        super().__init__(data, *args, contents=contents, **kwargs)
        code = data.get("city_code", "") if data else contents.event.commune_id or ""
        self.fields["city"].widget = TextInput(
            self.fields["city"].widget.attrs
            | {
                "data-combobox": reverse_lazy("communes"),
                "data-code": code,
                "data-code-name": "city_code",
            }
        )

    @classmethod
    def initial_of(cls, contents) -> dict:
        event = contents.event
        city = label(event.commune, event.postal_code) if event.commune else ""
        point = {} if event.point_source else {"latitude": None, "longitude": None}
        return super().initial_of(contents) | point | {"city": city, "shown_point": _stored_point(event)}

    def clean(self):
        data = super().clean()
        if (data.get("latitude") is None) != (data.get("longitude") is None) and not self.errors:
            self.add_error("longitude", HALF)
        has_place = data.get("attendance_mode") != AttendanceMode.ONLINE
        if "city" in data:
            commune = self._commune(data) if has_place else None
            if not self.has_error("city"):
                data["commune"] = commune
        if trouble := fault(self.slots() or [], self._zone):
            self.add_error("city", trouble)
            del data["commune"]
        return data

    @property
    def _zone(self) -> str:
        commune = self.cleaned_data.get("commune")
        return commune.timezone if commune else HOME_ZONE

    def slots(self) -> list | None:
        """Return the slots at the same hours of the clock, where the place is now in another time zone."""
        event, slots = self.contents
        if "commune" not in self.cleaned_data or self._zone == event.timezone or not slots:
            return None
        return moved(slots, event.timezone, self._zone)

    def _commune(self, data: dict) -> Commune | None:
        city = data["city"]
        if not city:
            return None
        try:
            if code := data.get("city_code"):
                return Commune.objects.select_related("department__region").get(pk=code, parent=None)
            if "(" in city:
                code = place(city).code
                return Commune.objects.select_related("department__region").get(pk=code, parent=None)
            return resolve(city, data.get("postal_code", ""))
        except Commune.DoesNotExist:
            self.add_error("city", f"Nous ne trouvons pas la commune « {city} ». Vérifiez son nom.")
        except ValidationError as error:
            self.add_error("city", error)
        return None

    @property
    def values(self) -> dict:
        values = super().values
        if "commune" not in values or "latitude" not in values or "longitude" not in values:
            # An address whose commune is not known says nothing of a point.
            return {name: value for name, value in values.items() if name not in ("latitude", "longitude")}
        commune = values["commune"]
        if commune and not values.get("postal_code", "") and len(commune.postal_codes) == 1:
            values["postal_code"] = commune.postal_codes[0]
        return values | self._point(values)

    def _point(self, values: dict) -> dict:
        """Return where the point is: as placed by hand, as it was, or nowhere yet (the commune's centre)."""
        event = self.contents.event
        typed = values["latitude"], values["longitude"]
        shown = self.data.get("shown_point", _stored_point(event))
        is_untouched = _name(*typed) == shown
        if not is_untouched and None not in typed:
            return {"point_source": PointSource.HAND, "precision": Precision.ADDRESS, "geocoding_score": None}
        follows = self.moved_away(values)
        if is_untouched and event.point_source and not follows:
            return {"latitude": event.latitude, "longitude": event.longitude}
        stays = not event.point_source and not follows
        centre = (event.latitude, event.longitude) if stays else (None, None)
        return {
            "latitude": centre[0],
            "longitude": centre[1],
            "point_source": "",
            "geocoding_score": None,
        }

    def moved_away(self, values: dict) -> bool:
        """Is the address another one than what is stored?"""
        return any(values[name] != getattr(self.contents.event, name) for name in ADDRESS if name in values)

    def located_values(self) -> dict:
        """Return `values` with the point of the address service where no other is known; it may take two seconds."""
        values = self.values
        commune = values.get("commune")
        if values.get("point_source") == "" and commune and values.get("address"):
            return values | located(values["address"], values.get("postal_code", ""), commune)
        return values

    def differences(self):
        found = super().differences()
        theirs, values = self.contents.event.commune, self.values
        if "commune" in values and values["commune"] != theirs:
            mine = self.words("city", values["commune"])
            found.append(Difference("Commune", mine, self.words("city", theirs)))
        return found


def _stored_point(event) -> str:
    return _name(event.latitude, event.longitude) if event.point_source else ""


def _name(latitude: float | None, longitude: float | None) -> str:
    """Return a point to the metre, as a page carries it; nothing for none."""
    return "" if None in (latitude, longitude) else f"{latitude:.5f} {longitude:.5f}"


def _with_its_name(data):
    """Return what was sent with the commune's name, which combobox.js replaces by its code."""
    code = data.get("city_code", "")
    if not code or data.get("city"):
        return data
    known = (
        Commune.objects.select_related("department") if INSEE_CODE.fullmatch(code) else Commune.objects.none()
    )
    commune = known.filter(pk=code).first()
    data = data.copy()
    data["city"] = label(commune) if commune else code[:60]
    return data
