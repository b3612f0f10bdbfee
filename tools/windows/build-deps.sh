#!/usr/bin/env bash
# build-deps.sh: the static libraries of the Windows agent, from Debian's source packages.
#
# Debian has no mingw builds of them. They are built once for a machine, into the user's cache, and build/windows-deps is
# a link to that: `./dev clean` and another clone keep them. The folder's name is the digest of what goes in: the
# scripts, the toolchain, and the versions Debian has of the compiler and the libraries, so that a security update of
# the system's OpenSSL builds ours anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

toolchain=$PWD/cmake/toolchain-mingw64.cmake
link=$PWD/build/windows-deps
key=$({
  cat tools/windows/build-deps.sh tools/debian-sources.sh "$toolchain"
  dpkg-query -W -f '${Package} ${Version}\n' g++-mingw-w64-x86-64-posix libssl-dev libsqlite3-dev libprotobuf-dev \
    libgtest-dev libzstd-dev
} | sha256sum | cut -c1-16)
if [ -n "${XDG_CACHE_HOME:-}${HOME:-}" ]; then
  store=${XDG_CACHE_HOME:-$HOME/.cache}/deskledger
else
  store=$PWD/build
fi
out=$store/windows-deps-$key
sources=$out/src objects=$out/obj sysroot=$out/sysroot apt=$out/apt
jobs=${DESKLEDGER_JOBS:-$(nproc)}
export CCACHE_BASEDIR=$out CCACHE_NOHASHDIR=1

. tools/debian-sources.sh

say() { printf '\033[1m==>\033[0m windows-deps: %s\n' "$*"; }

fetch() {
  rm -rf "$sources"
  debian_sources "$out" "$sources" sqlite3 protobuf googletest libzstd
  # Of the newest security version only the tarball is there at times; its digest is in the signed index.
  debian_sources "$out" "$sources" --tar-only openssl
  (cd "$sources" && tar xf openssl_3.0.*.orig.tar.gz)
}

cmake_library() { # SOURCE NAME OPTION...
  # Third-party code names its files in messages; the folder they were built in must not end up in the program.
  cmake -G Ninja -S "$1" -B "$objects/$2" -DCMAKE_TOOLCHAIN_FILE="$toolchain" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_FLAGS="-ffile-prefix-map=$out=." -DCMAKE_CXX_FLAGS="-ffile-prefix-map=$out=." \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
    -DCMAKE_INSTALL_PREFIX="$sysroot" "${@:3}"
}

# The agent speaks TLS 1.3, reads and writes PEM, and signs with Ed25519 and ECDSA. What stays besides is what Boost.Asio
# names (RSA, DH) and what OpenSSL itself needs.
openssl_without='aria async bf blake2 camellia capieng cast cmp cms comp ct dgram dsa dso dtls ec2m engine gost idea
  legacy md4 mdc2 module ocb ocsp psk rc2 rc4 rc5 rfc3779 rmd160 scrypt seed shared siphash siv sm2 sm3 sm4 srp srtp
  ssl3 tests ts ui-console weak-ssl-ciphers whirlpool autoload-config'

build_openssl() {
  local name options=()
  for name in $openssl_without; do options+=("no-$name"); done
  cd "$sources"/openssl-3.0.*/
  ./Configure mingw64 --cross-compile-prefix=x86_64-w64-mingw32- --prefix="$sysroot" --openssldir=/ssl \
    --libdir=lib "${options[@]}" -O2 -D_WIN32_WINNT=0x0A00
  # Configure takes C:/... for a relative path and would bake in <prefix>/C:/...: on Windows a folder that any user
  # may create, and so plant an openssl.cnf in. The make variables are the way around it.
  local installed='C:/Program Files/Deskledger/ssl'
  make -j"$jobs" CC='ccache x86_64-w64-mingw32-gcc' "OPENSSLDIR=$installed" "ENGINESDIR=$installed/engines" \
    "MODULESDIR=$installed/modules" build_libs
  make install_dev
  if strings "$sysroot/lib/libcrypto.a" | grep -F "$out"; then
    echo 'windows-deps: libcrypto.a names a folder of the build machine' >&2
    return 1
  fi
}

build_sqlite() { # The amalgamation is made on this machine, then compiled once.
  mkdir -p "$objects/sqlite"
  cd "$objects/sqlite"
  "$sources"/sqlite3-*/configure --disable-tcl --disable-readline
  make sqlite3.c
  # Windows' own limit of 260 characters is lifted by the manifest or by \\?\; SQLite has one more of its own.
  ccache x86_64-w64-mingw32-gcc-posix -O2 -c sqlite3.c -D_WIN32_WINNT=0x0A00 -DSQLITE_THREADSAFE=1 -DSQLITE_DQS=0 \
    -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_TEMP_STORE=2 -DSQLITE_DEFAULT_FOREIGN_KEYS=1 \
    -DSQLITE_WIN32_MAX_PATH_CHARS=4096 "-ffile-prefix-map=$out=."
  x86_64-w64-mingw32-ar rcs "$sysroot/lib/libsqlite3.a" sqlite3.o
  cp sqlite3.h sqlite3ext.h "$sysroot/include/"
}

build_protobuf() { # The agent uses the lite runtime alone; the compiler is the host's, of the same version.
  local source
  source=$(echo "$sources"/protobuf-3.*/)
  cmake_library "$source" protobuf -DCMAKE_CXX_STANDARD=17 -Dprotobuf_BUILD_TESTS=OFF \
    -Dprotobuf_BUILD_PROTOC_BINARIES=OFF -Dprotobuf_BUILD_SHARED_LIBS=OFF -Dprotobuf_WITH_ZLIB=OFF
  ninja -C "$objects/protobuf" -j"$jobs" libprotobuf-lite.a
  cp "$objects/protobuf/libprotobuf-lite.a" "$sysroot/lib/"
  (cd "$source/src" && find google \( -name '*.h' -o -name '*.inc' \) -exec cp --parents {} "$sysroot/include/" \;)
}

build_googletest() {
  cmake_library "$(echo "$sources"/googletest-*/)" gtest -DCMAKE_CXX_STANDARD=20
  ninja -C "$objects/gtest" -j"$jobs" install
}

build_zstd() {
  cmake_library "$(echo "$sources"/libzstd-*/)build/cmake" zstd -DZSTD_BUILD_PROGRAMS=OFF -DZSTD_BUILD_SHARED=OFF \
    -DZSTD_BUILD_TESTS=OFF -DZSTD_LEGACY_SUPPORT=OFF
  ninja -C "$objects/zstd" -j"$jobs" install
}

# What has headers only is linked from the system: /usr/include as a whole must never be searched by mingw.
link_headers() {
  local name
  for name in boost fmt spdlog toml++ CLI; do ln -sfn "/usr/include/$name" "$sysroot/include/$name"; done
}

step() { # NAME COMMAND: quiet unless it fails; finished steps are not repeated after an interruption.
  local log=$out/log/$1.log begun=$SECONDS
  [ ! -e "$out/done/$1" ] || return 0
  mkdir -p "$out/log" "$out/done"
  (set -e; "$2") >"$log" 2>&1 </dev/null &
  wait $! || { tail -n 30 "$log" >&2; say "$1 failed, see $log"; exit 1; }
  touch "$out/done/$1"
  say "$1: $((SECONDS - begun)) s"
}

build_all() {
  local openssl
  say "building the libraries, once for this machine; some minutes"
  mkdir -p "$objects" "$sysroot/include" "$sysroot/lib"
  step sources fetch
  # OpenSSL is two thirds of the work, and begins and ends on one core: the others fill the second.
  step openssl build_openssl &
  openssl=$!
  trap 'kill $openssl 2>/dev/null || true' EXIT
  step sqlite build_sqlite
  step protobuf build_protobuf
  step zstd build_zstd
  step googletest build_googletest
  step headers link_headers
  wait $openssl
  trap - EXIT
  rm -rf "$objects" "$sources" "$apt"
  echo "$key" >"$out/stamp"
}

mkdir -p "$store" build
(
  flock 9  # Another clone may be at it.
  [ -e "$out/stamp" ] || build_all
) 9>"$store/windows-deps.lock"
[ "$(readlink "$link" || true)" = "$out" ] && exit
rm -rf "$link"
ln -s "$out" "$link"
