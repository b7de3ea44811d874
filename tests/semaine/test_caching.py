"""The cache is a help, never a need: with Redis away every read is a miss, and nothing raises."""

import pytest
from django.core.cache import cache

from semaine.caching import ForgivingRedisCache


@pytest.fixture
def away(tmp_path):
    """A cache whose Redis does not answer: nobody listens on its socket."""
    return ForgivingRedisCache(f"unix://{tmp_path}/redis.sock", {})


@pytest.mark.parametrize(
    ("method", "arguments", "miss"),
    [
        ("get", ("k",), None),
        ("get", ("k", "défaut"), "défaut"),
        ("get_many", (["a", "b"],), {}),
        ("set", ("k", 1), None),
        ("set_many", ({"a": 1},), []),
        ("add", ("k", 1), False),
        ("delete", ("k",), False),
        ("delete_many", (["a", "b"],), None),
        ("touch", ("k",), False),
        ("has_key", ("k",), False),
        ("incr", ("k",), 1),
        ("get_or_set", ("k", "valeur"), "valeur"),
        ("get_or_set", ("k", lambda: "calculée"), "calculée"),
    ],
)
def test_cache_away_answers_as_an_empty_one(away, method, arguments, miss):
    assert getattr(away, method)(*arguments) == miss


def test_cache_away_answers_a_named_default(away):
    assert away.get("k", default="défaut") == "défaut"
    assert away.get("k", version=2) is None


def test_cache_away_contains_nothing(away):
    assert ("k" in away) is False


def test_cache_away_answers_a_new_miss_each_time(away):
    away.get_many(["k"])["k"] = "écrit par l’appelant"
    away.set_many({"k": 1}).append("k")
    assert (away.get_many(["k"]), away.set_many({"k": 1})) == ({}, [])


def test_cache_away_says_so_in_the_log(away, caplog):
    away.get("k")
    assert [(each.name, each.levelname) for each in caplog.records] == [("semaine.caching", "WARNING")]


def test_cache_at_work_remembers():
    cache.set("k", {"titre": "Visite"})
    cache.set_many({"a": 1, "b": 2})
    assert (cache.get("k"), cache.get("autre", "défaut")) == ({"titre": "Visite"}, "défaut")
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert (cache.add("a", 3), cache.incr("a"), cache.delete("b"), cache.has_key("b")) == (
        False,
        2,
        True,
        False,
    )


def test_cache_at_work_raises_for_a_fault_of_ours():
    cache.set("k", "texte")
    with pytest.raises(TypeError):
        cache.set("k", lambda: None, unknown=True)
