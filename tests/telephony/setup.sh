#!/usr/bin/env bash
# An Asterisk and a SIPp for the tests, in a private folder on loopback; ends with a word and exit code 3 where they cannot be had.
#   setup.sh get | start | stop | cli "COMMAND"
# SIP udp 127.0.0.1:55060 · ARI http/ws 127.0.0.1:58088 (hotline/hotline) · RTP 20000-20999
# Debian has SIPp; Asterisk it has in another suite (SUITE): apt resolves its packages against an empty machine, they are
# unpacked into the folder, and that suite's own loader starts it. Nothing but SIPp is installed. About 240 MB.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
HOME_DIR=${ASTERISK_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/hotline-asterisk}
SUITE=${SUITE:-forky}
ROOT=$HOME_DIR/root ETC=$HOME_DIR/etc VAR=$HOME_DIR/var PID=$HOME_DIR/asterisk.pid
LIB=$ROOT/usr/lib/x86_64-linux-gnu

unavailable() { echo "no Asterisk here: $1" >&2; exit 3; }
asterisk() { "$ROOT/usr/lib64/ld-linux-x86-64.so.2" --library-path "$LIB:$ROOT/usr/lib" "$ROOT/usr/sbin/asterisk" "$@"; }
mirror() {
  { awk '/^URIs:/{print $2}' /etc/apt/sources.list.d/*.sources
    awk '$1=="deb"{for(i=2;i<=NF;i++)if($i~/^http/){print $i;exit}}' /etc/apt/sources.list /etc/apt/sources.list.d/*.list
  } 2>/dev/null | grep -v security | head -n 1
}

case ${1:-} in
get)
  [ "$(uname -m)" = x86_64 ] || unavailable "this is no x86-64"
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || unavailable "there is no apt"
  if ! command -v sipp >/dev/null; then
    [ "$(id -u)" = 0 ] || unavailable "SIPp (sip-tester) is not installed, and only root may install it"
    apt-get update -qq || unavailable "apt reaches no mirror"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends sip-tester >/dev/null || unavailable "no SIPp"
  fi
  [ -x "$ROOT/usr/sbin/asterisk" ] && exit 0
  mkdir -p "$HOME_DIR"/{state/lists/partial,cache/archives/partial,debs,apt}
  : > "$HOME_DIR/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) $SUITE main" > "$HOME_DIR/apt/sources.list"
  APT=(-o Dir::State="$HOME_DIR/state" -o Dir::State::status="$HOME_DIR/status" -o Dir::Cache="$HOME_DIR/cache"
       -o Dir::Etc::sourcelist="$HOME_DIR/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
       -o Dir::Etc::preferencesparts=/dev/null -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root)
  apt-get "${APT[@]}" update -qq || unavailable "no $SUITE at the mirror"
  WANTED=$(apt-get "${APT[@]}" -s install --no-install-recommends asterisk asterisk-core-sounds-en-gsm 2>/dev/null |
    awk '/^Inst/{gsub(/[\[(]/,"",$3); print $2"="$3}' |
    grep -vE '^(adduser|passwd|perl|perl-modules|debconf|dpkg|init-system-helpers|sysvinit-utils)') || unavailable "no packages"
  (cd "$HOME_DIR/debs" && apt-get "${APT[@]}" download $WANTED >/dev/null) || unavailable "the packages cannot be fetched"
  NEW=$ROOT.new; rm -rf "$NEW" "$ROOT"; mkdir -p "$NEW"/usr/{bin,sbin,lib,lib64}
  for one in bin sbin lib lib64; do ln -s "usr/$one" "$NEW/$one"; done
  for one in "$HOME_DIR"/debs/*.deb; do dpkg-deb --fsys-tarfile "$one" | tar -x --keep-directory-symlink -C "$NEW"; done
  ln -sfn en_US_f_Allison "$NEW/usr/share/asterisk/sounds/en"
  mv "$NEW" "$ROOT"; rm -rf "$HOME_DIR/debs" ;;  # whole or not at all
start)
  "$0" stop; rm -rf "$ETC" "$VAR"
  mkdir -p "$ETC/moh" "$VAR"/{lib/keys,log,run,spool}
  cp "$HERE"/etc/*.conf "$ETC/"
  for one in pjproject geolocation stir_shaken websocket_client stasis features indications udptl cel cdr acl ccss; do
    [ -e "$ETC/$one.conf" ] || cp "$ROOT/etc/asterisk/$one.conf" "$ETC/" 2>/dev/null || : > "$ETC/$one.conf"
  done
  cp "${2:?a file of music}" "$ETC/moh/"
  printf '[default]\nmode = files\ndirectory = %s\n' "$ETC/moh" > "$ETC/musiconhold.conf"
  { echo "[directories]"
    for one in "etcdir $ETC" "moddir $LIB/asterisk/modules" "varlibdir $VAR/lib" "dbdir $VAR/lib" "keydir $VAR/lib" \
      "datadir $ROOT/usr/share/asterisk" "agidir $VAR/lib" "spooldir $VAR/spool" "rundir $VAR/run" "logdir $VAR/log"; do
      echo "ast${one% *} => ${one#* }"
    done
    printf '[options]\nverbose = 3\nnocolor = yes\n'
  } > "$ETC/asterisk.conf"
  setsid "$ROOT/usr/lib64/ld-linux-x86-64.so.2" --library-path "$LIB:$ROOT/usr/lib" "$ROOT/usr/sbin/asterisk" \
    -f -C "$ETC/asterisk.conf" > "$HOME_DIR/asterisk.log" 2>&1 < /dev/null & echo $! > "$PID"
  for _ in $(seq 600); do
    curl -sf -m 2 -o /dev/null -u hotline:hotline http://127.0.0.1:58088/ari/asterisk/info && exit 0
    kill -0 "$(cat "$PID")" 2>/dev/null || break
    sleep 0.1
  done
  echo "Asterisk did not come up; see $HOME_DIR/asterisk.log" >&2; exit 1 ;;
stop)
  [ -s "$PID" ] || exit 0
  one=$(cat "$PID"); kill "$one" 2>/dev/null || true
  for _ in $(seq 50); do kill -0 "$one" 2>/dev/null || break; sleep 0.1; done
  kill -9 "$one" 2>/dev/null || true; rm -f "$PID" ;;
cli) asterisk -C "$ETC/asterisk.conf" -rx "${2:?a command}" ;;
*) sed -n 2,4p "$0"; exit 2 ;;
esac
