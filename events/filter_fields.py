"""The fields of the programme's query string: each says by its name what is wrong, with the value and the cure."""

from django import forms
from django.core.exceptions import ValidationError

from semaine.communes import place
from semaine.forms import DayField, TextField
from semaine.models import Commune

Box = tuple[float, float, float, float]
LONGEST_LIST = 50


class SharedChoices:
    """A field whose every copy has the same choices: copying two hundred of them takes longer than validating."""

    def __deepcopy__(self, memo):
        # The list first, as what has been copied already.
        memo[id(self._choices)] = self._choices
        return super().__deepcopy__(memo)


class ChoicesField(SharedChoices, forms.MultipleChoiceField):
    """Codes to choose among; a wrong one is repeated with the name of the field."""

    def to_python(self, value):
        # « Tous les territoires » sends an empty value.
        return [each for each in super().to_python(value) if each]

    def validate(self, value):
        unknown = [each for each in value if not self.valid_value(each)]
        if unknown:
            raise ValidationError(not_listed(self.label, unknown[0]))


class ChoiceField(SharedChoices, forms.ChoiceField):
    """One code to choose, or none."""

    def validate(self, value):
        if value and not self.valid_value(value):
            raise ValidationError(not_listed(self.label, value))


def not_listed(label: str, value: str) -> str:
    return f"{label} : « {value[:60]} » n’est pas dans la liste. Choisissez-y une valeur."


class NamedDayField(DayField):
    """A day whose error names the field: above a list, nothing else tells which one it was."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(f"{self.label} : {error.message[0].lower()}{error.message[1:]}") from None


class CommunesField(forms.MultipleChoiceField):
    """INSEE codes of communes, cleaned to the communes themselves. One query when any is given."""

    def to_python(self, value) -> list[Commune]:
        codes = [each for each in super().to_python(value) if each]
        if not codes:
            return []
        if len(codes) > LONGEST_LIST:
            raise ValidationError(f"{self.label} : gardez-en {LONGEST_LIST} au plus.")
        # No code of a commune holds what the database cannot store.
        found = Commune.objects.in_bulk([each for each in codes if each.isalnum()])
        for code in codes:
            if code not in found:
                raise ValidationError(
                    f"{self.label} : « {code[:60]} » n’est pas le code INSEE d’une commune, par exemple 90010."
                )
        return [found[code] for code in codes]

    def validate(self, value):
        """Done by `to_python`: there is no list of all communes to compare with."""


class NearField(TextField):
    """A place to be near: an INSEE code, "lat,lon" in degrees, a postal code or a name; cleaned to its point."""

    code_first = True

    def clean(self, value):
        typed = super().clean(value)
        return place(typed, code_first=self.code_first) if typed else None


class TypedPlaceField(NearField):
    """The same from a person, who knows postal codes: many are also the INSEE code of another commune."""

    code_first = False


class RadiusField(forms.IntegerField):
    """A distance in km, from 5 to 100."""

    LEAST, MOST = 5, 100

    def clean(self, value) -> int | None:
        if value in self.empty_values:
            return None
        text = str(value).strip()
        if not (text.isascii() and text.isdigit() and len(text) < 4 and self.LEAST <= int(text) <= self.MOST):
            raise ValidationError(
                f"{self.label} : « {text[:40]} » n’est pas une distance : "
                f"écrivez un nombre de {self.LEAST} à {self.MOST} km."
            )
        return int(text)


class BoxField(forms.CharField):
    """« west,south,east,north » in degrees."""

    def to_python(self, value) -> Box | None:
        if value in self.empty_values:
            return None
        try:
            west, south, east, north = map(float, value.split(","))
        except ValueError:
            west = south = east = north = float("nan")
        if not (-540 <= west <= east <= 540 and -90 <= south <= north <= 90):
            raise ValidationError(
                f"« {value[:60]} » n’est pas un cadre : écrivez ouest,sud,est,nord en degrés, "
                "par exemple 5.2,47.3,7.1,48.0."
            )
        return west, south, east, north
