#!/usr/bin/env bash
# Start a streaming replica of the primary; copy it first when there is nothing here yet.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  install -d -m 700 -o postgres -g postgres "$PGDATA"
  PGPASSWORD=$(cat /run/secrets/postgres_password)
  export PGPASSWORD
  copy=(gosu postgres pg_basebackup -h db -U odoo -D "$PGDATA" -R -X stream -S replica -c fast)
  # the slot keeps for the replica what it has not read yet; it may be there from before
  "${copy[@]}" -C || { rm -rf "${PGDATA:?}"/*; "${copy[@]}"; }
fi
exec docker-entrypoint.sh postgres -c hot_standby_feedback=on
