"""How often one person, or one address of the network, may do something that costs others time."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.utils.crypto import salted_hmac

IPV6_HOME = 64  # bits: what one subscriber is given


def may_go_on(request, action: str, *, at_most: int, seconds: int, by_address: bool = False) -> bool:
    """Count one more try; False beyond `at_most` within `seconds`.

    Counted is the person who is signed in, for a whole agency may share one address; else the address, which is kept
    as a keyed hash, for that time only. While the cache is away nobody is held up. `by_address`: whoever is signed in,
    which is then not even looked up.
    """
    known = not by_address and request.user.is_authenticated
    who = f"user-{request.user.pk}" if known else _home(request)
    key = f"limit-{action}-{salted_hmac('semaine.limits', who).hexdigest()}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= at_most
    except ValueError:
        return True  # the key ended between the two


def _home(request) -> str:
    address = get_adapter().get_client_ip(request)
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, IPV6_HOME), strict=False))
    return address
