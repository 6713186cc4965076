#!/bin/bash
# A real systemd (Debian 12) in a container that is thrown away: no virtual machine,
# no network, nothing of the host is changed.
#   boot.sh build ROOT           make a root file system, once
#   boot.sh up ROOT STATE        boot it; what is written there is lost at the end
#   boot.sh sh STATE COMMAND...  run a command inside
#   boot.sh down STATE           power off
# STATE is a new directory for each boot.
set -euo pipefail

build() {
    # --variant=essential lacks apt: half the size
    mmdebstrap --quiet --variant=essential --mode=root \
        --include=systemd,systemd-sysv,dbus,python3,python3-venv,ca-certificates,procps \
        bookworm "$1.tar"
    mkdir -p "$1"
    tar -C "$1" -xf "$1.tar"
    rm -f "$1.tar"
    # Nobody logs in, and nothing is to happen by itself.
    for unit in getty@tty1.service console-getty.service e2scrub_all.timer \
        apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer; do
        ln -sf /dev/null "$1/etc/systemd/system/$unit"
    done
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$1/etc/hosts"
    : >"$1/etc/machine-id"
}

up() {
    local root=$1 state=$2 parent leader
    mkdir -p "$state"
    # Control groups of its own, so that none is left behind at the top, and a /run
    # of its own, which has to be a tmpfs.
    # shellcheck disable=SC2016
    setsid unshare --mount --propagation private bash -c '
        for kind in unified systemd; do
            group=/sys/fs/cgroup/$kind/reminderd-test-$$
            [ ! -d /sys/fs/cgroup/$kind ] ||
                { mkdir -p "$group" && echo $$ >"$group/cgroup.procs"; }
        done
        mount -t tmpfs tmpfs /run
        # Under a name of its own, so that several can be booted at once.
        mkdir "$1/root" && mount --bind "$2" "$1/root"
        echo $$ >"$1/parent"
        exec systemd-nspawn -q -D "$1/root" --volatile=overlay --register=no --keep-unit \
            --private-network --resolv-conf=off --timezone=off --link-journal=no \
            --console=read-only --machine=reminderd-test -b
    ' _ "$state" "$root" </dev/null >"$state/console.log" 2>&1 &
    for _ in $(seq 200); do
        [ -s "$state/parent" ] && break
        sleep 0.05
    done
    parent=$(cat "$state/parent")
    for _ in $(seq 600); do
        for leader in $(pgrep -P "$parent" || true); do
            if [ "$(cat "/proc/$leader/comm")" = systemd ] &&
                [ -S "/proc/$leader/root/run/systemd/private" ]; then
                echo "$leader" >"$state/leader"
                break 2
            fi
        done
        sleep 0.05
    done
    leader=$(cat "$state/leader")
    # "degraded" is as good: what failed is none of ours
    timeout 60 nsenter -t "$leader" -a systemctl is-system-running --wait || true
}

inside() {
    local state=$1
    shift
    exec nsenter -t "$(cat "$state/leader")" -a -- env -i LANG=C.UTF-8 SYSTEMD_COLORS=0 \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_PAGER=cat "$@"
}

down() {
    local state=$1 parent
    parent=$(cat "$state/parent")
    nsenter -t "$(cat "$state/leader")" -a systemctl poweroff --force || true
    for _ in $(seq 100); do
        kill -0 "$parent" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$parent" 2>/dev/null || true
    for kind in unified systemd; do
        find "/sys/fs/cgroup/$kind/reminderd-test-$parent" -depth -type d \
            -exec rmdir {} + 2>/dev/null || true
    done
}

verb=$1
shift
case $verb in
build | up | down) "$verb" "$@" ;;
sh) inside "$@" ;;
esac
