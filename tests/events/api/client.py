"""A program that keeps a copy of an agenda, as those of OpenAgenda do; it knows the API by its documentation only."""

from datetime import datetime, timedelta

import requests

MARGIN = timedelta(minutes=1)


class Copy:
    """`events` by uid. `read` takes all, `update` what has changed since."""

    def __init__(self, site: str, **filters):
        self.address, self.filters = f"{site}/api/v1/events", filters
        self.events, self.last, self.calls = {}, None, 0

    def read(self, size: int = 2) -> "Copy":
        self._walk({"passes": "oui", "sort": "updatedAt.asc", "size": size})
        return self

    def update(self, size: int = 2) -> "Copy":
        since = (datetime.fromisoformat(self.last) - MARGIN).isoformat()
        self._walk({"updatedAt[gte]": since, "removed": "null", "size": size})
        return self

    def _walk(self, asked: dict) -> None:
        after, seen = [], 0
        while True:
            query = self.filters | asked | {"after[]": after}
            response = requests.get(self.address, params=query, timeout=10)
            response.raise_for_status()
            self.calls += 1
            found = response.json()
            for event in found["events"]:
                self._keep(event)
            seen += len(found["events"])
            after = found["after"]
            if not after or seen >= found["total"]:
                assert seen == found["total"]
                return

    def _keep(self, event: dict) -> None:
        self.last = max(self.last or "", event["updatedAt"])
        if event.get("removed"):
            assert event.keys() == {"uid", "removed", "updatedAt"}
            self.events.pop(event["uid"], None)
        else:
            self.events[event["uid"]] = event

    @property
    def titles(self) -> list[str]:
        return sorted(event["title"]["fr"] for event in self.events.values())
