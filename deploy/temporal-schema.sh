#!/bin/sh
# Makes Temporal's tables or brings them to the version of its tools; tables of that version are left alone.
set -eu
tool() {
  db=$1
  shift
  temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "$DB_PORT" -u "$POSTGRES_USER" --db "$db" "$@"
}
tool temporal setup-schema -v 0.0
tool temporal update-schema --schema-name postgresql/v12/temporal
tool temporal_visibility setup-schema -v 0.0
tool temporal_visibility update-schema --schema-name postgresql/v12/visibility
