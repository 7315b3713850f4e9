# The service: web page, reading, archive. Nothing is fetched at run time; all data lies under /data.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/piaoku \
 && /opt/piaoku/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY archive archive
COPY ingest ingest
RUN /opt/piaoku/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/piaoku/bin/pip uninstall --yes setuptools pip

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data piaoku && mkdir /data && chown piaoku /data
COPY --from=build /opt/piaoku /opt/piaoku
ENV PATH=/opt/piaoku/bin:$PATH PIAOKU_DATA=/data PIAOKU_HOST=0.0.0.0 PYTHONDONTWRITEBYTECODE=1
USER piaoku
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["piaoku"]
CMD ["serve"]
