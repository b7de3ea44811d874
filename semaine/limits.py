"""How often one address may do something that costs others time."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.utils.crypto import salted_hmac

IPV6_HOME = 64  # bits: what one subscriber is given


def may_go_on(request, action: str, *, at_most: int, seconds: int) -> bool:
    """Count one more try of this address; False beyond `at_most` within `seconds`.

    The address is kept as a keyed hash, for that time only. While the cache is away nobody is held up.
    """
    key = f"limit-{action}-{salted_hmac('semaine.limits', _home(request)).hexdigest()}"
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
