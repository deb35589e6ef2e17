#!/bin/sh
# Sets Komainu up. `./install.sh --demo` needs no root and no camera; `sudo ./install.sh` installs the service.
set -eu

HERE=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
PREFIX=${KOMAINU_PREFIX:-/opt/komainu}
UNIT=/etc/systemd/system/komainu.service
DEFAULTS=/etc/default/komainu
PORT=${KOMAINU_PORT:-8080}
# Oldest Node.js that runs Komainu, and the one fetched where Debian has none new enough.
NODE_MINOR=19
NODE_PACKAGE_VERSION=20.20.2
LAN_PACKAGES="iproute2 nftables util-linux"
REAL_PACKAGES="miniupnpd-nftables avahi-daemon ustreamer python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly"

main() {
    case "${1:-}" in
        --demo) demo ;;
        --help | -h) usage ;;
        "") service ;;
        *) usage; exit 64 ;;
    esac
}

usage() {
    cat <<EOF
./install.sh --demo     a nursery in a box: a virtual LAN with cameras, and Komainu's page about it. No root needed.
sudo ./install.sh       Komainu as a service on this machine's LAN (Debian 12 or 13, Raspberry Pi OS)
EOF
}

say() { printf '%s\n' "komainu: $*"; }
fail() { printf '%s\n' "komainu: $*" >&2; exit 1; }
is_root() { [ "$(id -u)" -eq 0 ]; }

# --- the demo -------------------------------------------------------------------------------------------------------

demo() {
    need_command unshare util-linux
    if is_root; then install_parts; fi
    need_command ip iproute2
    need_command nft nftables
    need_namespaces
    need_node "$HERE/.komainu"
    build
    cd "$HERE"
    exec node --import tsx test/lan/demo.ts
}

# Programs that make the virtual LAN real. They are installed without being started on this machine.
install_parts() {
    command -v apt-get >/dev/null 2>&1 || return 0
    missing=""
    for package in $LAN_PACKAGES $REAL_PACKAGES; do
        is_installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "installing for the virtual LAN:$missing"
    guard=/usr/sbin/policy-rc.d
    made=""
    if [ ! -e "$guard" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$guard"
        chmod 755 "$guard"
        made=yes
    fi
    apt-get update -qq || true
    for package in $missing; do
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
            say "$package could not be installed: its stand-in runs"
    done
    [ -z "$made" ] || rm -f "$guard"
}

is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

need_command() {
    command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ] ||
        fail "'$1' is missing. Mend it with: sudo apt-get install $2"
}

need_namespaces() {
    unshare --user --map-root-user --net true 2>/dev/null ||
        fail "this system does not let users make network namespaces. Mend it with: sudo sysctl -w kernel.unprivileged_userns_clone=1 (or, on Ubuntu, kernel.apparmor_restrict_unprivileged_userns=0)"
}

# --- Node.js --------------------------------------------------------------------------------------------------------

# Puts a Node.js that is new enough first in PATH. $1 = where a private one may live.
need_node() {
    PATH="$1/node/bin:$PATH:/usr/sbin:/sbin"
    export PATH
    if node_is_new; then return 0; fi
    if is_root && apt_node_is_new; then
        say "installing Node.js from Debian"
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
        hash -r 2>/dev/null || true
        if node_is_new; then return 0; fi
    fi
    private_node "$1"
    hash -r 2>/dev/null || true
    node_is_new || fail "no Node.js 20.$NODE_MINOR or newer could be set up. Install one and run this again."
}

node_is_new() {
    command -v node >/dev/null 2>&1 &&
        node -e "const [a, b] = process.versions.node.split('.').map(Number); process.exit(a > 20 || (a === 20 && b >= $NODE_MINOR) ? 0 : 1)"
}

apt_node_is_new() {
    command -v apt-cache >/dev/null 2>&1 || return 1
    apt-get update -qq || true
    candidate=$(apt-cache policy nodejs | sed -n 's/.*Candidate: \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
    [ -n "$candidate" ] || return 1
    major=${candidate% *}
    minor=${candidate#* }
    [ "$major" -gt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -ge "$NODE_MINOR" ]; }
}

# npm's own node-linux-* package holds nothing but the program: no other Node.js on this machine changes.
private_node() {
    if ! command -v npm >/dev/null 2>&1; then
        is_root || fail "'npm' is missing. Mend it with: sudo apt-get install npm"
        say "installing npm from Debian"
        apt-get update -qq || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm >/dev/null
    fi
    case "$(uname -m)" in
        x86_64) machine=x64 ;;
        aarch64) machine=arm64 ;;
        armv7l) machine=armv7l ;;
        *) fail "no ready-made Node.js for $(uname -m). Install Node.js 20.$NODE_MINOR or newer and run this again." ;;
    esac
    say "fetching a private Node.js $NODE_PACKAGE_VERSION"
    mkdir -p "$1/fetched"
    npm install --silent --no-save --no-audit --no-fund --prefix "$1/fetched" "node-linux-$machine@$NODE_PACKAGE_VERSION"
    rm -rf "$1/node"
    mkdir -p "$1/node/bin"
    cp "$1/fetched/node_modules/node-linux-$machine/bin/node" "$1/node/bin/node"
    rm -rf "$1/fetched"
}

# --- build ----------------------------------------------------------------------------------------------------------

build() {
    cd "$HERE"
    # A release archive holds the bundle and no sources to build it from.
    if [ -f dist/komainu.mjs ] && [ ! -d agent ]; then return 0; fi
    command -v npm >/dev/null 2>&1 || fail "'npm' is missing. Mend it with: sudo apt-get install npm"
    if [ ! -d node_modules ] || [ -n "$(find package-lock.json -newer node_modules/.package-lock.json)" ]; then
        say "fetching what Komainu needs from npm (once)"
        npm ci --silent --no-audit --no-fund
    fi
    say "building"
    npm run --silent build
}

# --- the service ----------------------------------------------------------------------------------------------------

service() {
    is_root || fail "installing a service needs root. Run: sudo ./install.sh   (or try: ./install.sh --demo)"
    need_node "$PREFIX"
    build
    mkdir -p "$PREFIX"
    rm -rf "$PREFIX/app"
    cp -r "$HERE/dist" "$PREFIX/app"
    node=$(command -v node)
    if [ ! -d /run/systemd/system ]; then
        say "systemd is not running here, so no service was set up. Run it in the foreground:"
        say "  $node $PREFIX/app/komainu.mjs run --listen $PORT"
        exit 0
    fi
    [ -e "$DEFAULTS" ] || printf 'KOMAINU_PORT=%s\n' "$PORT" >"$DEFAULTS"
    sed -e "s|@NODE@|$node|" -e "s|@APP@|$PREFIX/app/komainu.mjs|" "$HERE/systemd/komainu.service" >"$UNIT"
    printf '#!/bin/sh\nexec %s %s/app/komainu.mjs "$@"\n' "$node" "$PREFIX" >/usr/local/bin/komainu
    chmod 755 /usr/local/bin/komainu
    systemctl daemon-reload
    systemctl enable --quiet komainu.service
    systemctl restart komainu.service
    show_page
}

show_page() {
    # shellcheck source=/dev/null
    . "$DEFAULTS"
    tries=0
    until /usr/local/bin/komainu claim >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 30 ] || fail "the service did not come up. See why with: journalctl -u komainu -n 50"
        sleep 1
    done
    say "running. Open the page in a browser on this network:"
    ip -4 -o addr show scope global | awk -v port="$KOMAINU_PORT" '{ split($4, a, "/"); print "  http://" a[1] ":" port "/" }'
    say "claim code: $(/usr/local/bin/komainu claim)"
}

main "$@"
