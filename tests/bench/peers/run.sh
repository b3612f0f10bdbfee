#!/usr/bin/env bash
# run.sh FOLDER [LINES]: rsyslog (RELP) and syslog-ng do a log shipper's job: follow a file, send it over mutual TLS, write
# it into a file (the shared documents' engineering.md, section 5.2). Printed for each: messages a second until the last
# one is in the receiver's file, processor time of both ends, the sender's peak memory, and how many came twice or never.
#
# Two classes, never mixed. Fast: into the page cache. Durable: what arrived is synced, and what the sender holds outlives
# its kill; rsyslog acknowledges after the sync, syslog-ng's protocol acknowledges nothing. Both are at-least-once by design:
# chain, signatures and exactly once, which Deskledger does beside the syncs, they do not. Configurations: the best found by
# trying, see below. Without the packages a reason is printed and nothing is measured (exit code 0): the peers are no promise
# of ours.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mkdir -p "$1" && cd "$1" && pwd)
lines=${2:-200000}
if ! reason=$("$here/fetch.sh" "$folder" 2>&1); then echo "peers          left out: $reason"; exit 0; fi

work=$(mktemp -d)
started=()
finish() { for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT
export LD_LIBRARY_PATH="$folder/usr/lib/syslog-ng:$folder/usr/lib/x86_64-linux-gnu"
port=$((13000 + $$ % 10000))

certificate() { # NAME
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/$1.key" -subj "/CN=$1" 2>/dev/null |
    openssl x509 -req -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 2 \
      -extfile <(echo "subjectAltName=DNS:$1,DNS:localhost") -out "$work/$1.pem" 2>/dev/null
}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/ca.key" -out "$work/ca.pem" -days 2 \
  -subj "/CN=bench ca" 2>/dev/null
certificate receiver
certificate sender

input() { # LINES: a file of so many
  awk -v n="$1" 'BEGIN { pad = sprintf("%225s", ""); gsub(/ /, "x", pad); for (i = 0; i < n; i++) printf "seq=%010d %s\n", i, pad }' \
    >"$work/input.txt"
}

cpu_s() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/^.*\) /, ""); printf "%.2f", ($12 + $13) / hz }' "/proc/$1/stat"; }

measure() { # NAME LINES SENDER_PID RECEIVER_PID
  local name=$1 lines=$2 sender=$3 receiver=$4 begin=$EPOCHREALTIME have=0 same=0 before=-1 end
  touch "$work/out"
  while [ "$have" -lt "$lines" ] && [ $same -lt 150 ]; do
    sleep 0.1
    have=$(grep -c '^seq=' "$work/out" 2>/dev/null || true)
    if [ "$have" = "$before" ]; then same=$((same + 1)); else same=0; fi
    before=$have
  done
  end=$EPOCHREALTIME
  sort -u "$work/out" | grep -c '^seq=' >"$work/distinct" || true
  awk -v name="$name" -v lines="$lines" -v have="$have" -v distinct="$(cat "$work/distinct")" -v begin="$begin" -v end="$end" \
    -v scpu="$(cpu_s "$sender")" -v rcpu="$(cpu_s "$receiver")" \
    -v peak="$(awk '/VmHWM/ { print $2 }' "/proc/$sender/status")" 'BEGIN {
    printf "%-14s %d messages: %.0f a second by the clock, %.0f a second per core of the receiver; sender %.1f us, receiver %.1f us each\n",
      name, lines, have / (end - begin), (rcpu > 0 ? have / rcpu : 0), scpu / lines * 1e6, rcpu / lines * 1e6
    printf "               sender %.1f MiB at the peak; %d lost, %d twice\n", peak / 1024, lines - distinct, have - distinct }'
  [ "$have" -ge "$lines" ] || tail -n 3 "$work"/*.log >&2
  kill "$sender" "$receiver" 2>/dev/null || true
  wait "$sender" "$receiver" 2>/dev/null || true
  rm -f "$work/out"
  port=$((port + 1))
}

# rsyslog. Fast: a RELP window of 1,024 instead of 128 is 13 times as fast; the file's own queue in memory. Durable: no queue
# at the receiver, so that it acknowledges what it has synced; a synced disk queue at the sender.
rsyslog() { # NAME LINES fast|durable
  local modules="$folder/usr/lib/x86_64-linux-gnu/rsyslog" sync='' held='' queue receiver
  queue='main_queue(queue.type="LinkedList" queue.size="300000" queue.dequeueBatchSize="1024")'
  if [ "$3" = durable ]; then
    sync='sync="on"'
    queue='main_queue(queue.type="Direct")'
    held='queue.type="Disk" queue.filename="held" queue.syncqueuefiles="on" queue.checkpointInterval="1" action.resumeRetryCount="-1"'
  fi
  rm -rf "$work/rs-receiver" "$work/rs-sender"
  mkdir -p "$work/rs-receiver" "$work/rs-sender"
  input "$2"
  cat >"$work/rs-receiver.conf" <<END
global(workDirectory="$work/rs-receiver")
module(load="imrelp" tls.tlslib="openssl")
template(name="raw" type="string" string="%msg:::drop-last-lf%\n")
ruleset(name="out" queue.type="Direct") {
  action(type="omfile" file="$work/out" template="raw" ioBufferSize="64k" flushOnTXEnd="on" $sync)
}
input(type="imrelp" port="$port" ruleset="out" tls="on" tls.authMode="name" tls.permittedPeer="sender"
  tls.caCert="$work/ca.pem" tls.myCert="$work/receiver.pem" tls.myPrivKey="$work/receiver.key")
END
  cat >"$work/rs-sender.conf" <<END
global(workDirectory="$work/rs-sender")
module(load="imfile" mode="inotify")
module(load="omrelp" tls.tlslib="openssl")
$queue
template(name="raw" type="string" string="<13>1 - - - - - - %msg%")
input(type="imfile" file="$work/input.txt" tag="t" persistStateInterval="$([ "$3" = durable ] && echo 1 || echo 0)")
action(type="omrelp" target="127.0.0.1" port="$port" template="raw" windowSize="1024" tls="on" tls.authMode="name"
  $held tls.permittedPeer="receiver" tls.caCert="$work/ca.pem" tls.myCert="$work/sender.pem" tls.myPrivKey="$work/sender.key")
END
  "$folder/usr/sbin/rsyslogd" -n -f "$work/rs-receiver.conf" -i "$work/rs-receiver.pid" -M "$modules" >"$work/rs-receiver.log" 2>&1 &
  receiver=$!
  started+=("$receiver")
  sleep 1
  "$folder/usr/sbin/rsyslogd" -n -f "$work/rs-sender.conf" -i "$work/rs-sender.pid" -M "$modules" >"$work/rs-sender.log" 2>&1 &
  started+=("$!")
  measure "$1" "$2" "$!" "$receiver"
}

# syslog-ng: no acknowledgement in its protocol; flow control holds the reading back, larger windows than its defaults.
# Durable: each write synced, and the reliable disk buffer at the sender.
syslog_ng() { # NAME LINES fast|durable
  local modules="$folder/usr/lib/syslog-ng/3.38" sync='' held='log-fifo-size(40000)' receiver
  if [ "$3" = durable ]; then
    sync='fsync(yes)'
    held="disk-buffer(reliable(yes) disk-buf-size(67108864) mem-buf-size(1048576) dir(\"$work\"))"
  fi
  rm -f "$work"/ng-*.persist
  input "$2"
  cat >"$work/ng-receiver.conf" <<END
@version: 3.38
options { stats-freq(0); flush-lines(1000); };
source s { network(ip("127.0.0.1") port($port) transport("tls") flags(no-parse) log-iw-size(20000) log-fetch-limit(1000)
  tls(key-file("$work/receiver.key") cert-file("$work/receiver.pem") ca-file("$work/ca.pem") peer-verify(required-trusted))); };
destination d { file("$work/out" template("\${MSG}\n") $sync); };
log { source(s); destination(d); flags(flow-control); };
END
  cat >"$work/ng-sender.conf" <<END
@version: 3.38
options { stats-freq(0); flush-lines(1000); };
source s { file("$work/input.txt" follow-freq(0.1) flags(no-parse) log-iw-size(20000) log-fetch-limit(1000)); };
destination d { network("localhost" port($port) transport("tls") template("\${MSG}\n") $held
  tls(key-file("$work/sender.key") cert-file("$work/sender.pem") ca-file("$work/ca.pem") peer-verify(required-trusted))); };
log { source(s); destination(d); flags(flow-control); };
END
  ng "$work/ng-receiver" "$modules" &
  receiver=$!
  started+=("$receiver")
  sleep 2
  ng "$work/ng-sender" "$modules" &
  started+=("$!")
  measure "$1" "$2" "$!" "$receiver"
}

ng() { # BASE MODULES
  exec "$folder/usr/sbin/syslog-ng" -F --stderr --no-caps --cfgfile="$1.conf" --persist-file="$1.persist" --pidfile="$1.pid" \
    --control="$1.ctl" --module-path="$2" >"$1.log" 2>&1
}

rsyslog rsyslog "$lines" fast
syslog_ng syslog-ng "$lines" fast
rsyslog "rsyslog durable" $((lines / 50)) durable
syslog_ng "syslog-ng durable" $((lines / 20)) durable
