#!/usr/bin/env bash
# Runs a command with RASAD_DATABASE naming a PostgreSQL server of its own, made for it and gone with it.
set -euo pipefail
[ $# -gt 0 ] || { echo 'usage: scripts/with_postgres.sh COMMAND [ARGUMENT …]' >&2; exit 2; }

programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$programs" ] || programs=$(dirname "$(command -v initdb || echo /nowhere/initdb)")
[ -x "$programs/initdb" ] || { echo 'PostgreSQL is not installed (on Debian: apt-get install postgresql)' >&2; exit 1; }

folder=$(mktemp -d)
# The server refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  as=(runuser -u postgres --)
  chown postgres "$folder"
fi
stop() {
  "${as[@]}" "$programs/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd /
"${as[@]}" "$programs/initdb" -D "$folder/data" -U rasad --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
"${as[@]}" "$programs/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
  -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off" start >/dev/null
cd - >/dev/null
RASAD_DATABASE="postgresql://rasad@127.0.0.1:$port/postgres" "$@"
