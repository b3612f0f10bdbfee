# shellcheck shell=bash
# Source me: a headless, quiet, repeatable wine in build/wine.
wine_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export WINEPREFIX=${WINEPREFIX:-$wine_root/build/wine}
export WINEDEBUG=${WINEDEBUG:--all} WINEDLLOVERRIDES="mscoree,mshtml="
# Without a UTF-8 locale wine cannot name files beyond ASCII.
export LC_ALL=C.UTF-8
export WINELOADER=/usr/lib/wine/wine64
unset DISPLAY
wine_server=/usr/lib/wine/wineserver64

# Makes the prefix if there is none, and keeps its server up: a server a process would boot and end all of Windows
# around each test. It ends by itself a minute after the last test, should nobody call wine_down.
wine_up() {
  mkdir -p "$WINEPREFIX"
  (
    flock 9
    if [ ! -e "$WINEPREFIX/ready" ]; then
      timeout 180 wine wineboot -i
      timeout 60 wine winecfg -v win10
      # Message boxes need a display driver; this one draws nowhere.
      timeout 60 wine reg add 'HKCU\Software\Wine\Drivers' /v Graphics /d null /f
      $wine_server -w
      touch "$WINEPREFIX/ready"
    fi
    # Fails if one runs already, which is as good. It must not inherit the lock.
    $wine_server -p60 9>&- && timeout 60 wine cmd /c exit 9>&-
  ) 9>"$WINEPREFIX.lock" >/dev/null 2>&1 </dev/null || true  # services.exe would keep our pipes open for ever.
}

wine_down() {
  $wine_server -k 2>/dev/null || true
  timeout 20 $wine_server -w || true
}
