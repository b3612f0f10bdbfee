#!/usr/bin/env bash
# The static libraries of the Windows agent, from Debian's source packages into build/windows-deps/sysroot.
#
# Debian has no mingw builds of them. The sources come through apt, so their signatures are checked; a private apt
# root keeps the system's configuration as it was, and no root is needed. A second run finds everything finished:
# the stamp is the digest of this script.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

out=$PWD/build/windows-deps
sources=$out/src objects=$out/obj sysroot=$out/sysroot apt=$out/apt
toolchain=$PWD/cmake/toolchain-mingw64.cmake
stamp=$out/stamp
jobs=${DESKLEDGER_JOBS:-$(nproc)}
export CCACHE_DISABLE=1  # Built once; the cache is for our own code.

say() { printf '\033[1m==>\033[0m windows-deps: %s\n' "$*"; }

# The system's own sources of Debian packages, as source packages.
private_apt() {
  local file
  mkdir -p "$apt"/{parts,lists/partial,cache/archives/partial}
  for file in /etc/apt/sources.list.d/debian*.sources; do
    [ ! -e "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" >"$apt/parts/$(basename "$file")"
  done
  if [ -e /etc/apt/sources.list ]; then
    sed -nE 's/^deb[[:space:]](.*[[:space:]]bookworm.*[[:space:]]main.*)/deb-src \1/p' \
      /etc/apt/sources.list >"$apt/parts/main.list"
  fi
  cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/parts";
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
APT::Sandbox::User "";
CONF
}

fetch() {
  private_apt
  rm -rf "$sources"
  mkdir -p "$sources"
  (
    cd "$sources"
    export APT_CONFIG=$apt/apt.conf
    apt-get update -qq
    apt-get source -qq sqlite3 protobuf googletest libzstd
    # Of the newest security version only the tarball is there at times; its digest is in the signed index.
    apt-get source -qq --tar-only openssl
    tar xf openssl_3.0.*.orig.tar.gz
  )
}

cmake_library() { # SOURCE NAME OPTION...
  cmake -G Ninja -S "$1" -B "$objects/$2" -DCMAKE_TOOLCHAIN_FILE="$toolchain" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_INSTALL_PREFIX="$sysroot" "${@:3}"
}

build_openssl() {
  cd "$sources"/openssl-3.0.*/
  ./Configure mingw64 --cross-compile-prefix=x86_64-w64-mingw32- --prefix="$sysroot" --openssldir=/ssl \
    --libdir=lib no-shared no-tests no-engine no-legacy no-dso no-module no-comp no-ssl3 no-idea no-rc5 \
    no-weak-ssl-ciphers no-autoload-config -D_WIN32_WINNT=0x0A00
  # Configure takes C:/... for a relative path and would bake in <prefix>/C:/...: on Windows a folder that any user
  # may create, and so plant an openssl.cnf in. The make variables are the way around it.
  local installed='C:/Program Files/Deskledger/ssl'
  make -j"$jobs" "OPENSSLDIR=$installed" "ENGINESDIR=$installed/engines" "MODULESDIR=$installed/modules" build_libs
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
  x86_64-w64-mingw32-gcc-posix -O2 -c sqlite3.c -D_WIN32_WINNT=0x0A00 -DSQLITE_THREADSAFE=1 -DSQLITE_DQS=0 \
    -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_TEMP_STORE=2 -DSQLITE_DEFAULT_FOREIGN_KEYS=1 \
    "-ffile-prefix-map=$out=."
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
    -DZSTD_BUILD_TESTS=OFF
  ninja -C "$objects/zstd" -j"$jobs" install
}

# What has headers only is linked from the system: /usr/include as a whole must never be searched by mingw.
link_headers() {
  local name
  for name in boost fmt spdlog toml++ CLI; do ln -sfn "/usr/include/$name" "$sysroot/include/$name"; done
}

step() { # NAME COMMAND: quiet unless it fails; finished steps are not repeated after an interruption.
  local log=$out/log/$1.log
  [ ! -e "$out/done/$1" ] || return 0
  say "$1"
  mkdir -p "$out/log" "$out/done"
  (set -e; "$2") >"$log" 2>&1 </dev/null &
  wait $! || { tail -n 30 "$log" >&2; say "$1 failed, see $log"; exit 1; }
  touch "$out/done/$1"
}

key=$(sha256sum tools/windows/build-deps.sh | cut -d" " -f1)
[ "$(cat "$stamp" 2>/dev/null)" != "$key finished" ] || exit 0
if [ "$(cat "$stamp" 2>/dev/null)" != "$key started" ]; then
  rm -rf "$out"
  mkdir -p "$out"
  echo "$key started" >"$stamp"
fi
mkdir -p "$objects" "$sysroot/include" "$sysroot/lib"
say "building the libraries, once; some minutes"
step sources fetch
step openssl build_openssl
step sqlite build_sqlite
step protobuf build_protobuf
step googletest build_googletest
step zstd build_zstd
step headers link_headers
rm -rf "$objects" "$sources"
echo "$key finished" >"$stamp"
