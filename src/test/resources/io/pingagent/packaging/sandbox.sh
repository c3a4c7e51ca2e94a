# Gives whoever runs in it the files of this machine, with a layer on top that takes all changes and vanishes at the end.
# Arguments: an empty directory, a cgroup of version 2 or nothing, and the program that becomes process 1.
set -e
directory=$1
cgroup=$2
shift 2
if [ "$cgroup" ]; then
    echo $$ >"$cgroup/cgroup.procs"
fi
export directory cgroup
exec unshare --mount --pid --fork --ipc --uts ${cgroup:+--cgroup} --kill-child=KILL --propagation private sh -ec '
    mount -t tmpfs tmpfs "$directory"
    root=$directory/root
    mkdir "$directory/changes" "$directory/work" "$root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$directory/changes,workdir=$directory/work" "$root"
    mount -t proc proc "$root/proc"
    # What is set there would be set for the machine.
    mount --bind "$root/proc/sys" "$root/proc/sys"
    mount -o remount,bind,ro "$root/proc/sys"
    mount -t sysfs -o ro sysfs "$root/sys"
    mount -t tmpfs tmpfs "$root/run"
    # A program that unpacks a library here and wants to use it will not get far.
    mount -t tmpfs -o noexec tmpfs "$root/tmp"
    mount -t tmpfs tmpfs "$root/dev"
    for device in null zero full random urandom tty; do
        touch "$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    mkdir "$root/dev/pts" "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    ln -s /proc/self/fd "$root/dev/fd"
    if [ "$cgroup" ]; then
        mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
        mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
    fi
    # Nothing of the machine shall be started, and nothing be kept from starting.
    rm -rf "$root"/etc/systemd/system/*.wants "$root/usr/sbin/policy-rc.d"
    for unit in "$root"/usr/lib/systemd/system/sysinit.target.wants/*udev* "$root"/usr/lib/systemd/system/sysinit.target.wants/dev-* \
        "$root"/usr/lib/systemd/system/sysinit.target.wants/sys-*; do
        rm -f "$unit"
    done
    : >"$root/etc/fstab"
    echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
    exec chroot "$root" env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
' sandbox "$@"
