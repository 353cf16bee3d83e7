# One image for the pages and for the worker; docker-compose.yml says which of them a container is.
FROM python:3.11.14-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --uid 10001 --create-home --shell /usr/sbin/nologin market
WORKDIR /app

# setuptools first: promise has no wheel, and what builds it must carry a hash too.
COPY requirements.lock ./
RUN awk '/^[A-Za-z0-9]/ { of = /^setuptools==/ } of' requirements.lock > builder.txt \
    && pip install --quiet --require-hashes -r builder.txt \
    && pip install --quiet --require-hashes --no-build-isolation --use-pep517 -r requirements.lock \
    && rm builder.txt

COPY . .
RUN install -d -o market -g market var var/media
USER market
RUN python manage.py collectstatic --no-input --verbosity 0

EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers", "shop.wsgi:application"]
