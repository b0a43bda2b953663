#!/usr/bin/env bash
# Start a PostgreSQL and a Redis of our own, run the given command against them, stop them whatever happens.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
home="$top/var/services"
pg_port=${PG_PORT:-54329}
redis_port=${REDIS_PORT:-63799}
bash "$top/tests/services/install.sh" postgresql redis-server

bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
rm -rf "$home"
mkdir -p "$home/run" "$home/redis"
as_server=()
if [ "$(id -u)" -eq 0 ]; then
  # PostgreSQL refuses to run as root; its account must be able to reach a folder of its own
  home=$(mktemp -d /tmp/school-services.XXXXXX)
  mkdir -p "$home/run" "$home/redis"
  chown -R postgres "$home"
  as_server=(runuser -u postgres --)
fi
stop() {
  "${as_server[@]}" "$bin/pg_ctl" -D "$home/pg" -m immediate stop >/dev/null 2>&1 || true
  [ -f "$home/redis/pid" ] && kill "$(cat "$home/redis/pid")" 2>/dev/null || true
  rm -rf "$home"
}
trap stop EXIT

"${as_server[@]}" "$bin/initdb" -D "$home/pg" -U school --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
"${as_server[@]}" "$bin/pg_ctl" -D "$home/pg" -w -l "$home/run/pg.log" \
  -o "-p $pg_port -k $home/run -c listen_addresses=127.0.0.1 -c fsync=${PG_FSYNC:-off} -c max_connections=100" start >/dev/null
"$bin/createdb" -h 127.0.0.1 -p "$pg_port" -U school school
redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$home/redis" --save "" --daemonize yes \
  --pidfile "$home/redis/pid" >/dev/null

export DATABASE_URL="postgres://school@127.0.0.1:$pg_port/school"
export REDIS_URL="redis://127.0.0.1:$redis_port/0"
"$@"
