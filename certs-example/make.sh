#!/bin/sh
# Makes this folder's keys and certificates anew, with the openssl command alone. They are as the collector's own
# (common/crypto/authority.cc), apart from their dates: `init` and `enroll` make the real ones.
set -eu
cd "$(dirname "$0")"

days=36500
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }

key ca.key
openssl req -new -x509 -key ca.key -sha256 -days $days -subj "/CN=Deskledger example CA" -config /dev/null -out ca.pem \
  -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign"

# issue NAME COMMON_NAME EXTENSIONS...
issue() {
  name=$1 common_name=$2
  shift 2
  key "$name.key"
  printf '%s\n' "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" \
    "subjectKeyIdentifier=hash" "authorityKeyIdentifier=keyid" "$@" >extensions.tmp
  openssl req -new -key "$name.key" -subj "/CN=$common_name" -config /dev/null |
    openssl x509 -req -CA ca.pem -CAkey ca.key -sha256 -days $days -extfile extensions.tmp -out "$name.pem" 2>/dev/null
  rm extensions.tmp
}

# What the port for agents shows: the names by which agents dial it.
issue server collector.example "extendedKeyUsage=serverAuth" "subjectAltName=DNS:collector.example,DNS:localhost,IP:127.0.0.1"
# What an agent shows: its id as the common name, and nothing else about it.
issue client 000102030405060708090a0b0c0d0e0f "extendedKeyUsage=clientAuth"

openssl verify -CAfile ca.pem -purpose sslserver server.pem
openssl verify -CAfile ca.pem -purpose sslclient client.pem
