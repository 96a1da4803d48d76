#!/bin/busybox sh
# The guest's only program of its own. It uses the disk until the lab says "stop" on the second serial line, and tells
# there what it did: only what an fsync has returned for, or what was read and found right.
/bin/busybox mkdir -p /proc /sys /dev /disk /tmp
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox --install -s /bin
export PATH=/bin
lab=/dev/ttyS1
stty -F $lab raw -echo
exec 3>$lab 4<$lab

tell() { echo "$*" >&3; }

now() {
    read -r uptime _ </proc/uptime
    echo "$uptime"
}

end() {
    tell "failed $*"
    poweroff -f
}

while read -r module; do
    insmod "/modules/$module" || end "module $module cannot be loaded"
done </modules/order
tries=0
until [ -b /dev/vda ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || end "there is no disk"
    sleep 0.1
done
mount -t ext4 -o noatime /dev/vda /disk || end "the disk cannot be mounted"
cd /disk || end "the disk is not there"
tell "mounted $(uname -r)"

# Reads all files of the backup, from the disk and not from memory.
read_again() {
    while [ ! -e /tmp/stop ]; do
        echo 3 >/proc/sys/vm/drop_caches
        if sha256sum -c /known 2>/dev/null | grep -v ': OK$' >/tmp/wrong; then
            tell "wrong $(head -n 1 /tmp/wrong)"
        else
            tell "read $(wc -l </known)"
        fi
    done
}

# Writes over files of the backup, and says so when they are durable.
write_again() {
    round=0
    while [ ! -e /tmp/stop ]; do
        round=$((round + 1))
        for file in slots/*; do
            bytes=$(stat -c %s "$file")
            dd if=/dev/urandom of=/tmp/new bs="$bytes" count=1 iflag=fullblock 2>/dev/null
            sum=$(sha256sum </tmp/new)
            if dd if=/tmp/new of="$file" bs=64k conv=notrunc,fsync 2>/tmp/said; then
                tell "wrote $file $bytes ${sum%% *}"
            else
                tell "wrong writing $file: $(tail -n 1 /tmp/said)"
            fi
            [ ! -e /tmp/stop ] || break
        done
    done
}

# One small durable write after the other: the time between two is how long the disk was away, at most.
beat() {
    count=0
    while [ ! -e /tmp/stop ]; do
        count=$((count + 1))
        printf '%4096s' $count >/tmp/beat
        if dd if=/tmp/beat of=beat bs=4k conv=notrunc,fsync 2>/tmp/beat-said; then
            tell "beat $count $(now)"
        else
            tell "wrong beat: $(tail -n 1 /tmp/beat-said)"
        fi
    done
}

beat &
write_again &
read_again &
read -r _ <&4
touch /tmp/stop
wait
cd /
umount /disk || end "the disk cannot be unmounted"
tell "unmounted"
poweroff -f
