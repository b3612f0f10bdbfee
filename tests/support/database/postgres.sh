#!/bin/sh
# postgres.sh start|stop URL_FILE
# A private PostgreSQL for one run of the tests: in a temporary folder, over a unix socket only, without any promise
# of durability. `start` writes the url of its maintenance database into URL_FILE; `stop` ends it and leaves nothing.
# CTest runs both around the tests that need it (room_test(... POSTGRES)). It fails when it cannot start: tests of the
# second database are never skipped in silence.
set -eu
action=$1
case $2 in /*) url_file=$2 ;; *) url_file=$PWD/$2 ;; esac

for bin in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V -r) $(dirname "$(command -v initdb || echo /)"); do
  [ -x "$bin/initdb" ] && break
done
[ -x "$bin/initdb" ] || { echo "postgres.sh: no initdb: install postgresql" >&2; exit 1; }

# PostgreSQL refuses to run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

stop() {
  [ -f "$url_file" ] || return 0
  folder=$(sed -n 's/^postgresql:host=\([^ ]*\) .*/\1/p' "$url_file")
  rm -f "$url_file"
  case $folder in */deskledger-postgres.*) ;; *) return 0 ;; esac
  [ -d "$folder" ] || return 0
  if [ -f "$folder/data/postmaster.pid" ]; then
    (cd / && as_server "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null) || true
  fi
  rm -rf "$folder"
}

start() {
  stop  # What a run that was killed left behind.
  # A socket's path may have 107 bytes, so the folder is not below the build.
  folder=$(mktemp -d "${TMPDIR:-/tmp}/deskledger-postgres.XXXXXX")
  if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
  cd /
  trap 'cat "$folder/log" >&2 2>/dev/null; rm -rf "$folder"' EXIT
  as_server "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder.initdb" 2>&1 ||
    { cat "$folder.initdb" >&2; rm -f "$folder.initdb"; exit 1; }
  rm -f "$folder.initdb"
  as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start -o "-c listen_addresses='' \
    -c unix_socket_directories='$folder' -c fsync=off -c full_page_writes=off -c max_connections=100 \
    -c wal_level=minimal -c max_wal_senders=0 -c synchronous_commit=off" >/dev/null
  as_server "$bin/createdb" -h "$folder" -U postgres -T template0 migrated
  trap - EXIT
  mkdir -p "$(dirname "$url_file")"
  echo "postgresql:host=$folder user=postgres dbname=postgres" >"$url_file"
}

case $action in
  start) start ;;
  stop) stop ;;
  *) echo "postgres.sh: start or stop, not $action" >&2; exit 2 ;;
esac
