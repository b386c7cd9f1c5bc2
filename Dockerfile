# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    SPANBRIDGE_CACHE=/data/cache \
    SPANBRIDGE_DATA=/data/corpora \
    SPANBRIDGE_METHODS=/data/methods \
    SPANBRIDGE_RUNS=/data/runs \
    SPANBRIDGE_DATABASE_URL=sqlite:////data/store.sqlite

# Rule-based translation, run as a program of its own.
RUN apt-get update \
    && apt-get install -y --no-install-recommends apertium apertium-eng-spa apertium-hbs-eng \
    && rm -rf /var/lib/apt/lists/*

# A user of its own; /data holds the unpacked encoder, the user's corpora, methods and runs with their
# models, and every decision of the reviewers, and outlives the image.
RUN useradd --create-home --uid 10001 spanbridge \
    && mkdir -p /data/cache /data/corpora /app \
    && chown -R spanbridge:spanbridge /data /app

WORKDIR /app
COPY --chown=spanbridge:spanbridge requirements.txt ./
RUN pip install -r requirements.txt

COPY --chown=spanbridge:spanbridge . .
USER spanbridge
VOLUME /data
EXPOSE 8501

# The encoder is unpacked at the first start (ten seconds), into the volume: the image stays small.
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://localhost:8501/_stcore/health', timeout=4)"]

CMD ["sh", "-c", "python -m core setup && exec python -m streamlit run app.py --server.port 8501 --server.address 0.0.0.0 --server.headless true --server.fileWatcherType none"]
