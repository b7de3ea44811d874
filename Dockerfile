# The site, its worker and its scheduler: one image, three commands (see docker-compose.yml). It runs as nobody in
# particular and writes nowhere but in /tmp, /static and /media: its root may be read-only.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /packages \
    && /packages/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/packages/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin semaine \
    && install -d -o semaine /static /media /backups
WORKDIR /app
COPY --from=packages /packages /packages
COPY manage.py ./
COPY fixtures fixtures
COPY static static
COPY templates templates
COPY semaine semaine
COPY organizers organizers
COPY events events
# Nothing is compiled later: the root is read-only.
RUN python -m compileall -q semaine organizers events
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/sante/pret', timeout=5)"]
CMD ["gunicorn", "-c", "python:semaine.web_server", "semaine.wsgi"]
