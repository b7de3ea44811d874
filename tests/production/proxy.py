"""The proxy of docker-compose.yml as a plain process: nginx with the very configuration of the file."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.production.compose import FILE, wait_until

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
# What Debian's package and the image both wrap around `conf.d`.
MAIN = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
events {{ worker_connections 4096; }}
http {{
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log off;
  sendfile on;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  {site}
}}
"""


def configuration(folder: Path, web: int, workspace: int, port: int) -> str:
    """Return what compose gives nginx, with this machine's folders and ports."""
    content = yaml.safe_load(FILE.read_text())["configs"]["nginx"]["content"].replace("$$", "$")
    replaced = {
        "server web:8000;": f"server 127.0.0.1:{web};",
        "server workspace:8000;": f"server 127.0.0.1:{workspace};",
        "listen 80;": f"listen 127.0.0.1:{port} backlog=4096;",
        "alias /static/;": f"alias {folder}/static/;",
        "alias /media/;": f"alias {folder}/media/;",
        "/var/cache/nginx/pages": f"{folder}/nginx-pages",
    }
    for theirs, ours in replaced.items():
        assert content.count(theirs) == 1, theirs
        content = content.replace(theirs, ours)
    return content


@contextmanager
def proxy(
    folder: Path, *, web: int, port: int, workspace: int = 0, visits: str = "", workers: int = 1
) -> Iterator[int]:
    """Run nginx before the web servers at ports `web` and `workspace`, by default the same; give its own port.

    `visits`: how many requests one address may make, in the place of what production allows.
    """
    site = configuration(folder, web, workspace or web, port)
    if visits:
        site, changed = re.subn(r"rate=\S+;", f"rate={visits};", site)
        assert changed == 1
    # Its workers must reach a folder that may be root's alone.
    user = "user root;\n" if folder.owner() == "root" else ""
    file = folder / "nginx.conf"
    file.write_text(user + MAIN.format(folder=folder, site=site, workers=workers))
    process = subprocess.Popen([NGINX, "-p", folder, "-c", file], stdin=subprocess.DEVNULL)
    try:
        wait_until(lambda: process.poll() is not None or (folder / "nginx.pid").exists())
        assert process.poll() is None, (folder / "nginx-error.log").read_text()
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)
