#!/usr/bin/env bash
# A private Postfix on loopback with TLS and a login, for tests: `postfix.sh start FOLDER CERTIFICATE KEY` prints its port,
# `postfix.sh stop FOLDER` ends it. Everything of it is in FOLDER; nothing of the system's own Postfix is touched or read.
#
# The login is robot/sesame-7 (realm mail.test). Mail to desk.example and mill.example ends in FOLDER/mail/ADDRESS/new; there is
# no nobody@mill.example; what goes to bounce.example is taken and comes back to its sender.
set -euo pipefail
action=$1
folder=$2

if [ "$action" = stop ]; then
  postfix -c "$folder/config" stop >/dev/null 2>&1 || true
  exit 0
fi
for program in postfix saslpasswd2; do
  command -v "$program" >/dev/null || { echo "skip: $program is not installed (./dev setup mail)"; exit 0; }
done
[ "$(id -u)" -eq 0 ] || { echo "skip: Postfix starts as root only"; exit 0; }

rm -rf "$folder/config" "$folder/queue" "$folder/data" "$folder/mail" "$folder/log"
mkdir -p "$folder/config/sasl" "$folder/queue" "$folder/data" "$folder/mail"
chmod 755 "$folder"
chown postfix "$folder/data"
chown nobody "$folder/mail"
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

cat >"$folder/config/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = $folder/log
maillog_file_prefixes = $folder
myhostname = mail.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
smtpd_tls_cert_file = $3
smtpd_tls_key_file = $4
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = mail.test
cyrus_sasl_config_path = $folder/config/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject
virtual_mailbox_domains = desk.example, mill.example
virtual_mailbox_base = $folder/mail
virtual_mailbox_maps = inline:{ support@desk.example=support@desk.example/, it@mill.example=it@mill.example/, boss@mill.example=boss@mill.example/ }
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
virtual_minimum_uid = 1
transport_maps = inline:{ {bounce.example = virtual:} }
EOF
{
  echo "127.0.0.1:$port inet n - n - - smtpd"
  for service in "pickup unix n - n 60 1 pickup" "cleanup unix n - n - 0 cleanup" "qmgr unix n - n 300 1 qmgr" \
    "tlsmgr unix - - n 1000? 1 tlsmgr" "rewrite unix - - n - - trivial-rewrite" "bounce unix - - n - 0 bounce" \
    "defer unix - - n - 0 bounce" "trace unix - - n - 0 bounce" "verify unix - - n - 1 verify" \
    "flush unix n - n 1000? 0 flush" "proxymap unix - - n - - proxymap" "virtual unix - n n - - virtual" \
    "error unix - - n - - error" "retry unix - - n - - error" "discard unix - - n - - discard" \
    "anvil unix - - n - 1 anvil" "scache unix - - n - 1 scache" "postlog unix-dgram n - n - 1 postlogd"; do
    echo "$service"
  done
} >"$folder/config/master.cf"
cat >"$folder/config/sasl/smtpd.conf" <<EOF
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: $folder/config/sasl/sasldb2
mech_list: PLAIN LOGIN
EOF
echo sesame-7 | saslpasswd2 -p -c -f "$folder/config/sasl/sasldb2" -u mail.test robot
chmod 644 "$folder/config/sasl/sasldb2"
postfix -c "$folder/config" start >"$folder/start.log" 2>&1 || { cat "$folder/start.log" >&2; exit 1; }
echo "$port"
