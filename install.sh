#!/bin/sh
# Sets Komainu up. `./install.sh --demo` needs no root and no camera; `sudo ./install.sh` installs the service.
set -eu
umask 022

HERE=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
PREFIX=/opt/komainu
COMMAND=/usr/local/bin/komainu
UNIT=/etc/systemd/system/komainu.service
DROP_INS=$UNIT.d
DEFAULTS=/etc/default/komainu
# Oldest Node.js 20 that runs Komainu, and the one fetched where Debian has none new enough.
NODE_MINOR=19
NODE_PACKAGE_VERSION=20.20.2
# Room for what npm fetches and for a Node.js of our own, in KiB.
ROOM=600000
REAL_PACKAGES="miniupnpd-nftables avahi-daemon ustreamer python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly"
# Programs that come with those packages and would serve this machine's own network after the next boot.
SLEEPERS="miniupnpd avahi-daemon"

main() {
    PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
    case "$*" in
        --demo) demo ;;
        --remove) remove ;;
        "--remove --purge") remove purge ;;
        --help | -h) usage ;;
        *) choose "$@"; service ;;
    esac
}

# Empty = as it was before.
gateway=""
outside_check=""
guard_goes=""
choose() {
    for option in "$@"; do
        case "$option" in
            --gateway) gateway=on ;;
            --no-gateway) gateway=off ;;
            --outside-check) outside_check=on ;;
            --no-outside-check) outside_check=off ;;
            *) usage >&2; exit 64 ;;
        esac
    done
}

usage() {
    cat <<END
./install.sh --demo               a nursery in a box: a virtual LAN with cameras, and Komainu's page about it. No root needed.
sudo ./install.sh                 Komainu as a service on this machine's LAN (Debian 12 or 13, Raspberry Pi OS); again = update
sudo ./install.sh --gateway       the same for the machine that is the LAN's router: reads its forwards and keeps the guard
sudo ./install.sh --outside-check   lets the service ask at addresses off the LAN, for what the owner switches on at the page
                                  (both are remembered; taken back with --no-gateway, --no-outside-check)
sudo ./install.sh --remove        takes the service, the program and the guard away, and keeps its records
sudo ./install.sh --remove --purge   takes the records and settings away as well
END
}

say() { printf '%s\n' "komainu: $*"; }
fail() { printf '%s\n' "komainu: $*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" -eq 0 ]; }
is_release() { [ -f "$HERE/dist/komainu.mjs" ] && [ ! -d "$HERE/agent" ]; }

# Goes on as the owner of the checkout: what npm brings has no business with root. In a subshell where we come back.
exec_as_owner() {
    if is_root && ! is_ours && home=$(getent passwd "$owner" | cut -d: -f6) && [ -n "$home" ]; then
        set -- setpriv --reuid "$owner" --regid "$(id -g "$owner")" --init-groups env HOME="$home" "$@"
    fi
    exec "$@"
}

is_ours() {
    owner=$(stat -c %U "$HERE")
    [ "$owner" = "$(id -un)" ] || [ "$owner" = UNKNOWN ]
}

# --- the demo -------------------------------------------------------------------------------------------------------

demo() {
    [ -f "$HERE/test/lan/demo.ts" ] || fail "this is a release without the virtual LAN. Get the sources with: git clone"
    cd "$HERE"
    need_programs "unshare:util-linux setpriv:util-linux ip:iproute2 nft:nftables npm:npm" "$REAL_PACKAGES"
    if is_root && ! is_ours; then exec_as_owner "$HERE/install.sh" --demo; fi
    need_namespaces
    need_writable "$HERE"
    need_room "$HERE"
    need_node "$HERE/.komainu"
    build
    exec node --import tsx test/lan/demo.ts
}

need_namespaces() {
    if unshare --user --map-root-user --net true 2>/dev/null; then return 0; fi
    for setting in kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0 user.max_user_namespaces=10000; do
        file=/proc/sys/$(printf '%s' "${setting%=*}" | tr . /)
        # Closed: a limit or a permission of 0, or a restriction of 1.
        if [ -r "$file" ] && [ "$(cat "$file")" -eq $((${setting#*=} == 0)) ]; then
            fail "this system does not let users make network namespaces. Mend it with: sudo sysctl -w $setting"
        fi
    done
    fail "network namespaces are refused here (a chroot or a sealed container?). In a container, mend it with: docker run --privileged"
}

# --- what must be there ---------------------------------------------------------------------------------------------

# $1 = program:package of what is needed, $2 = packages that are good to have. Root installs them, others are told how.
need_programs() {
    missing=$(missing_packages "$1")
    if is_root && has apt-get; then
        for package in ${2:-}; do
            is_installed "$package" || missing="$missing $package"
        done
        [ -z "$missing" ] || apt_install "$missing"
        missing=$(missing_packages "$1")
    fi
    [ -z "$missing" ] || fail "missing here:$missing. Mend it with: sudo apt-get install --no-install-recommends$missing"
}

missing_packages() {
    for pair in $1; do
        has "${pair%:*}" || printf ' %s\n' "${pair#*:}"
    done | sort -u | tr -d '\n'
}

is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

need_writable() {
    for folder in "$1" "$1/node_modules" "$1/dist"; do
        [ ! -e "$folder" ] || (exec_as_owner test -w "$folder") ||
            fail "$folder cannot be written. Mend it with a copy of your own: cp -r $HERE ~/komainu-copy && cd ~/komainu-copy"
    done
}

need_room() {
    [ -d "$1/node_modules" ] || [ "$(df -Pk "$1" | awk 'NR == 2 { print $4 }')" -ge "$ROOM" ] ||
        fail "$1 has less than $((ROOM / 1000)) MB of room. See what fills the disk with: df -h $1"
}

# Installs packages without starting or enabling their servers on this machine: a UPnP door must not open here.
apt_install() {
    say "installing from Debian:$1"
    asleep=""
    for name in $SLEEPERS; do
        [ -e "/lib/systemd/system/$name.service" ] || asleep="$asleep $name"
    done
    guard=/usr/sbin/policy-rc.d
    if [ -e "$guard" ]; then
        guard=""
    else
        trap 'rm -f "$guard"' EXIT
        trap 'exit 130' HUP INT TERM
        # Forbids starts while this script runs, and nothing any more should it be killed.
        printf '#!/bin/sh\n[ ! -d /proc/%s ] || exit 101\n' $$ >"$guard"
        chmod 755 "$guard"
    fi
    apt-get update -qq >/dev/null 2>&1 || say "apt-get update failed; going on with the package lists that are here"
    # shellcheck disable=SC2086
    apt_get_install $1 || for package in $1; do
        apt_get_install "$package" || say "Debian's $package could not be installed. See why with: apt-get install $package"
    done
    for name in $asleep; do
        put_to_sleep "$name"
    done
    if [ -n "$guard" ]; then
        rm -f "$guard"
        trap - EXIT HUP INT TERM
    fi
}

apt_get_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; }

put_to_sleep() {
    [ -e "/lib/systemd/system/$1.service" ] || return 0
    for unit in "$1.service" "$1.socket"; do
        find /etc/systemd/system -lname "*/$unit" -delete
    done
    update-rc.d "$1" disable >/dev/null 2>&1 || true
}

# --- Node.js --------------------------------------------------------------------------------------------------------

# Puts a Node.js that is new enough first in PATH: Debian's, which came with npm, or a private one in $1.
need_node() {
    PATH="$1/node/bin:$PATH"
    if node_is_new; then return 0; fi
    private_node "$1"
    node_is_new || fail "the fetched Node.js does not run here. See why with: $1/node/bin/node --version"
}

node_is_new() {
    hash -r
    has node &&
        node -e "const [a, b] = process.versions.node.split('.').map(Number); process.exit(a > 20 || (a === 20 && b >= $NODE_MINOR) ? 0 : 1)" 2>/dev/null
}

# npm's own node-linux-* package holds nothing but the program: no other Node.js on this machine changes.
private_node() {
    # What programs are built for, not the kernel: a 64-bit kernel may run a 32-bit Raspberry Pi OS.
    machine=$(dpkg --print-architecture 2>/dev/null || uname -m)
    case "$machine" in
        amd64 | x86_64) machine=x64 ;;
        arm64 | aarch64) machine=arm64 ;;
        *) fail "no ready-made Node.js 20 for $machine. Debian 13 brings one for it: sudo apt-get install nodejs" ;;
    esac
    say "fetching a private Node.js $NODE_PACKAGE_VERSION"
    rm -rf "$1/node" "$1/fetched"
    mkdir -p "$1/node/bin" "$1/fetched"
    npm_fetch npm install --ignore-scripts --no-save --prefix "$1/fetched" "node-linux-$machine@$NODE_PACKAGE_VERSION"
    mv "$1/fetched/node_modules/node-linux-$machine/bin/node" "$1/node/bin/node"
    rm -rf "$1/fetched"
}

# One line where npm would write twenty, and after seconds where it would try for minutes.
npm_fetch() {
    if errors=$("$@" --loglevel=error --no-audit --no-fund --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000 2>&1 >/dev/null); then return 0; fi
    code=$(printf '%s\n' "$errors" | sed -n 's/^npm \(error\|ERR!\) code //p' | head -n 1)
    case "$errors" in *ENOSPC* | *"o space left"*) code=ENOSPC ;; esac
    case "$code" in
        ENOTFOUND | EAI_AGAIN | ECONN* | ETIMEDOUT | ENETUNREACH | ERR_SOCKET*)
            fail "npm's registry cannot be reached ($code). When the network is there, run this again; try it with: npm ping" ;;
        ENOSPC) fail "no room left for what npm fetches. See what fills the disk with: df -h $HERE" ;;
        *) fail "npm could not fetch what Komainu needs (${code:-unknown}). See why with: cd $HERE && npm ci" ;;
    esac
}

# --- build ----------------------------------------------------------------------------------------------------------

build() {
    if is_release; then return 0; fi
    cd "$HERE"
    # npm writes the inner lock file last, so that its age tells whether all of it is there.
    fetched=node_modules/.package-lock.json
    if [ ! -e "$fetched" ] || [ -n "$(find package-lock.json -newer "$fetched")" ]; then
        say "fetching what Komainu needs from npm (once)"
        npm_fetch exec_as_owner npm ci
    fi
    say "building"
    (exec_as_owner npm run --silent build) || fail "the build failed, for the reason above. Begin anew with: rm -rf $HERE/node_modules"
}

# --- the service ----------------------------------------------------------------------------------------------------

service() {
    is_root || fail "installing a service needs root. Run: sudo ./install.sh   (or try: ./install.sh --demo)"
    # Only what the sealed service can see: version managers keep their Node.js in homes.
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    needed="ip:iproute2 npm:npm"
    if is_on gateway "$gateway"; then needed="$needed nft:nftables conntrack:conntrack"; fi
    need_programs "$needed"
    need_writable "$HERE"
    need_room "$HERE"
    mkdir -p "$PREFIX"
    need_room "$PREFIX"
    need_node "$PREFIX"
    build
    install_program
    if [ ! -d /run/systemd/system ]; then
        say "systemd is not running here, so no service was set up. Run it in the foreground with: sudo komainu run"
        return 0
    fi
    [ -e "$DEFAULTS" ] || printf '# Where the page is served. After a change: sudo systemctl restart komainu\nKOMAINU_PORT=8080\n' >"$DEFAULTS"
    sed -e "s|@NODE@|$node|" -e "s|@APP@|$PREFIX/app/komainu.mjs|" "$HERE/systemd/komainu.service" >"$UNIT"
    put_drop_in gateway "$gateway"
    put_drop_in outside-check "$outside_check"
    systemctl daemon-reload
    systemctl enable --quiet komainu.service
    systemctl restart komainu.service || true
    if [ -n "$guard_goes" ]; then remove_guard; fi
    show_page
}

# $1 = name of a drop-in, $2 = on, off or empty. The drop-in that is there is what the next update remembers.
is_on() { [ "$2" = on ] || { [ -z "$2" ] && [ -e "$DROP_INS/$1.conf" ]; }; }

put_drop_in() {
    if is_on "$1" "$2"; then
        mkdir -p "$DROP_INS"
        cp "$HERE/systemd/drop-ins/$1.conf" "$DROP_INS/$1.conf"
    else
        take_drop_in "$1"
    fi
}

# Without its capability the service could no longer take the guard away.
take_drop_in() {
    if [ "$1" = gateway ] && [ -e "$DROP_INS/$1.conf" ]; then guard_goes=yes; fi
    rm -f "$DROP_INS/$1.conf"
    rmdir "$DROP_INS" 2>/dev/null || true
}

# The table is the only thing of ours in the packet filter; most machines never had it.
remove_guard() { nft delete table inet komainu_guard 2>/dev/null || true; }

install_program() {
    node=$(command -v node)
    rm -rf "$PREFIX/app.new"
    cp -r "$HERE/dist" "$PREFIX/app.new"
    chown -R root:root "$PREFIX/app.new"
    rm -rf "$PREFIX/app"
    mv "$PREFIX/app.new" "$PREFIX/app"
    mkdir -p "$(dirname "$COMMAND")"
    printf '#!/bin/sh\nexec %s %s/app/komainu.mjs "$@"\n' "$node" "$PREFIX" >"$COMMAND"
    chmod 755 "$COMMAND"
}

# What the daemon itself says of this start: where its page is, and the claim code until somebody has used it.
show_page() {
    started=$(systemctl show --property InvocationID --value komainu.service)
    tries=0
    until journal | grep -q '^page: '; do
        tries=$((tries + 1))
        if [ "$tries" -ge 30 ] || ! systemctl --quiet is-active komainu.service; then
            fail "the service does not run ($(journal | tail -n 1)). See why with: journalctl -u komainu -n 50"
        fi
        sleep 1
    done
    say "running. Open the page in a browser on this network:"
    sleep 1
    journal | sed -n -e 's/^page: /  /p' -e 's/^claim code: /  claim code: /p'
}

journal() { journalctl --quiet --output cat "_SYSTEMD_INVOCATION_ID=$started" 2>/dev/null; }

remove() {
    is_root || fail "removing the service needs root. Run: sudo ./install.sh --remove"
    if [ -e "$UNIT" ]; then
        systemctl disable --quiet --now komainu.service || true
        rm -f "$UNIT"
        for name in gateway outside-check; do
            take_drop_in "$name"
        done
        systemctl daemon-reload || true
    fi
    remove_guard
    rm -rf "$PREFIX" "$COMMAND"
    if [ "${1:-}" = purge ]; then
        # A dynamic user's directory lies in private/, with a link to it.
        rm -rf /var/lib/komainu /var/lib/private/komainu "$DEFAULTS"
        say "the service, the program and its records are removed."
    else
        say "the service and the program are removed. The records in /var/lib/komainu go with: sudo ./install.sh --remove --purge"
    fi
}

main "$@"
