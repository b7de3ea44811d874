"""The cache: a help, never a need. When Redis is away, every read is a miss."""

import logging
from copy import copy
from functools import wraps

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _miss_on_error(method, miss):
    @wraps(method)
    def forgiving(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except RedisError as error:
            logger.warning("cache %s: %s", method.__name__, error)
            # `get(key, default)` answers its default, the others what an empty cache would.
            default = kwargs.get("default", args[1] if len(args) > 1 else None)
            return default if method.__name__ == "get" else copy(miss)

    return forgiving


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache whose failures are misses."""

    get = _miss_on_error(RedisCache.get, None)
    get_many = _miss_on_error(RedisCache.get_many, {})
    set = _miss_on_error(RedisCache.set, None)
    set_many = _miss_on_error(RedisCache.set_many, [])
    add = _miss_on_error(RedisCache.add, False)
    delete = _miss_on_error(RedisCache.delete, False)
    delete_many = _miss_on_error(RedisCache.delete_many, None)
    touch = _miss_on_error(RedisCache.touch, False)
    has_key = _miss_on_error(RedisCache.has_key, False)
    incr = _miss_on_error(RedisCache.incr, 1)
