#!/bin/sh
# as_pid_1.sh ROOT WRITABLE COMMAND…: run a command as a container of the image would: PID 1 of a
# namespace, the image's user, a root that is read-only but for /tmp and WRITABLE (for the reports).
set -eu
root=$1 writable=$2
shift 2
exec unshare --mount --pid --fork --kill-child=KILL sh -euc '
    root=$1 writable=$2
    shift 2
    mount --bind "$root" "$root"
    mount --bind "$writable" "$root/harness/reports"
    mount -t tmpfs tmpfs "$root/tmp"
    mount -t tmpfs tmpfs "$root/dev"
    for name in null zero urandom; do
        touch "$root/dev/$name" && mount --bind "/dev/$name" "$root/dev/$name"
    done
    mkdir -m 1777 "$root/dev/shm" && mount -t tmpfs tmpfs "$root/dev/shm"
    mount -t proc proc "$root/proc"
    mount -o remount,bind,ro "$root"
    exec chroot --userspec=10001:10001 "$root" /usr/bin/env -i -C /harness \
        PATH=/opt/verify-harness/bin:/usr/bin:/bin HOME=/harness PYTHONDONTWRITEBYTECODE=1 "$@"
' sh "$root" "$writable" "$@"
