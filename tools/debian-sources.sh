# shellcheck shell=bash
# Source me: Debian's source packages, without root and without touching the system's configuration.

# debian_sources FOLDER INTO [--tar-only] PACKAGE...: unpacks the newest source packages below INTO. They come through
# apt, so their signatures are checked; FOLDER/apt is an apt root of our own with the system's own places.
debian_sources() {
  local apt=$1/apt into=$2 file
  shift 2
  mkdir -p "$apt"/{parts,lists/partial,cache/archives/partial} "$into"
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
  (
    cd "$into"
    export APT_CONFIG=$apt/apt.conf
    [ -e "$apt/fresh" ] || apt-get update -qq
    touch "$apt/fresh"
    apt-get source -qq "$@"
  )
}
