# The production image: the portal without the embedded servers, the tests and the tools.
FROM python:3.12-slim-bookworm
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends tesseract-ocr tesseract-ocr-kat tesseract-ocr-rus fonts-dejavu-core gettext \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /srv/verifyportal portal
WORKDIR /srv/verifyportal
COPY requirements.txt ./
COPY vendor vendor
RUN pip install --no-cache-dir -r requirements.txt
COPY manage.py ./
COPY verifyportal verifyportal
COPY checks_app checks_app
COPY settings_app settings_app
COPY sessions_app sessions_app
COPY templates templates
COPY static static
COPY locale locale
ENV PYTHONUNBUFFERED=1 OMP_NUM_THREADS=1 STATIC_ROOT=/srv/verifyportal/static-collected CAPTURE_ROOT=/captures
# The two values exist for this line alone: collecting files asks for settings, not for secrets.
RUN rm -rf verifyportal/dev \
    && for file in locale/*/LC_MESSAGES/*.po; do [ ! -e "$file" ] || msgfmt -o "${file%.po}.mo" "$file"; done \
    && SECRET_KEY=unused MASTER_KEYS=unused:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= python manage.py collectstatic --no-input --verbosity 0 \
    && mkdir /captures && chown portal /captures && chmod 700 /captures
USER portal
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "--backlog", "8192", "--respawn-failed-workers", "verifyportal.wsgi:application"]
