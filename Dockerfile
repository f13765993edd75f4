# The server and its commands; the database is elsewhere (compose.yaml).
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1
WORKDIR /srv/sluicegate
RUN useradd --system --create-home sluicegate

COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt

COPY LICENSE NOTICE ./
COPY policies policies
COPY domain domain
COPY resolvers resolvers
COPY schema schema
COPY server server
COPY migrations migrations
RUN python -m compileall -q policies domain resolvers schema server migrations

USER sluicegate
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request as ask; ask.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["python", "-m", "server"]
CMD ["serve", "--host", "0.0.0.0"]
