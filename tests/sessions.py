"""How a person signs in, in the tests that do not go through the page for it."""

from django.test import Client

from organizers.models import User


def sign_in(client: Client, person: User) -> Client:
    """Open a session of this person, as after the sign-in page; return the client."""
    client.force_login(person)
    return client
