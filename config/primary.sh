#!/usr/bin/env bash
# Once, when the primary's data folder is made: let the replica read along, and make the database
# of the sessions.
set -euo pipefail
echo "host replication all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -c "create database sessions"
