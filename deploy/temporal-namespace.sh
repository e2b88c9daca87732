#!/bin/sh
# Makes the namespace, or sets how long it keeps the history of a closed case. Postgres keeps an archive of it for good.
set -eu
# Tries for two minutes; the port is open before the server serves.
until_done() {
  tries=0
  until said=$("$@" 2>&1); do
    tries=$((tries + 1))
    if [ "$tries" -ge 120 ]; then
      echo "$said" >&2
      exit 1
    fi
    sleep 1
  done
}
until_done temporal operator cluster health
if temporal operator namespace describe -n "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update -n "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
  temporal operator namespace create -n "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi
# The server learns of a new namespace a moment after it was made.
until_done temporal workflow count -n "$TEMPORAL_NAMESPACE"
