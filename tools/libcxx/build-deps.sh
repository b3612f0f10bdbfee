#!/usr/bin/env bash
# build-deps.sh: what the preset libcxx links and Debian has only for libstdc++: protobuf's lite runtime and googletest,
# compiled with clang and libc++ into the user's cache; build/libcxx-deps is a link to that, as with
# tools/windows/build-deps.sh. All else the agent uses is C or headers only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

link=$PWD/build/libcxx-deps
key=$({
  cat tools/libcxx/build-deps.sh tools/debian-sources.sh
  dpkg-query -W -f '${Package} ${Version}\n' clang-19 libc++-19-dev libprotobuf-dev googletest
} | sha256sum | cut -c1-16)
if [ -n "${XDG_CACHE_HOME:-}${HOME:-}" ]; then
  store=${XDG_CACHE_HOME:-$HOME/.cache}/deskledger
else
  store=$PWD/build
fi
out=$store/libcxx-deps-$key
export CCACHE_BASEDIR=$out CCACHE_NOHASHDIR=1

. tools/debian-sources.sh

library() { # SOURCE NAME TARGET OPTION...
  cmake -G Ninja -S "$1" -B "$out/obj/$2" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$out/sysroot" \
    -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_CXX_FLAGS="-stdlib=libc++ -w" \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_INSTALL_LIBDIR=lib "${@:4}"
  ninja -C "$out/obj/$2" "$3"
}

build_all() {
  local source
  debian_sources "$out" "$out/src" protobuf
  source=$(echo "$out"/src/protobuf-3.*/)
  library "$source" protobuf libprotobuf-lite.a -DCMAKE_CXX_STANDARD=17 -Dprotobuf_BUILD_TESTS=OFF \
    -Dprotobuf_BUILD_PROTOC_BINARIES=OFF -Dprotobuf_BUILD_SHARED_LIBS=OFF -Dprotobuf_WITH_ZLIB=OFF
  mkdir -p "$out/sysroot/lib" "$out/sysroot/include"
  cp "$out/obj/protobuf/libprotobuf-lite.a" "$out/sysroot/lib/"
  # Its headers in a folder of their own: besides them the system's are used.
  (cd "$source/src" && find google \( -name '*.h' -o -name '*.inc' \) -exec cp --parents {} "$out/sysroot/include/" \;)
  library /usr/src/googletest gtest install -DCMAKE_CXX_STANDARD=20
  rm -rf "$out/obj" "$out/src" "$out/apt"
  touch "$out/stamp"
}

mkdir -p "$store" build
(
  flock 9  # Another clone may be at it.
  if [ ! -e "$out/stamp" ]; then
    printf '\033[1m==>\033[0m libcxx-deps: building protobuf-lite and googletest, once for this machine\n'
    mkdir -p "$out"
    build_all >"$out/log" 2>&1 </dev/null || { tail -n 30 "$out/log" >&2; exit 1; }
  fi
) 9>"$store/libcxx-deps.lock"
[ "$(readlink "$link" || true)" = "$out" ] && exit
rm -rf "$link"
ln -s "$out" "$link"
