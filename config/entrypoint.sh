#!/usr/bin/env bash
# Before the official entrypoint: what only several nodes need (profile "scale").
set -euo pipefail
case ",${COMPOSE_PROFILES:-}," in
  *,scale,*)
    if [ "${1:-}" = odoo ]; then
      # sessions in a database of their own, so that any node can answer
      SESSION_DB_URI="postgres://${USER}:$(cat "$PASSWORD_FILE")@${HOST}/sessions"
      export SESSION_DB_URI PGHOST_REPLICA=replica
      set -- "$@" --load=base,rpc,web,session_db
    fi
    ;;
esac
exec /entrypoint.sh "$@"
