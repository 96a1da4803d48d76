"""Memory: how much does the server take while it hydrates many disks at the same time within -Xmx512m?

One server, through scripts/bench-adapter, runs so many machines from one backup and finalizes them all at once. It has to
succeed: every disk is compared with the backup by qemu-img. Prints the most memory that the process had (VmHWM): heap,
buffers, code and threads together.

Needs qemu-utils and a JDK 25.
"""
import argparse, os, re, tempfile, time

from side_by_side import backups
from side_by_side.programs import run
from side_by_side.server import Server


def high_water_mib(pid):
    with open('/proc/%d/status' % pid) as f:
        return int(re.search(r'VmHWM:\s+(\d+)', f.read()).group(1)) >> 10


def measure(arguments):
    parser = argparse.ArgumentParser(prog='scripts/bench memory', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', type=int, default=64, help='MiB of data of each disk, at least 16')
    parser.add_argument('--disks', type=int, default=16)
    parser.add_argument('--formats', default='raw,qcow2,zqcow2')
    parser.add_argument('--work', default='/var/tmp', help='where the data of all disks fit')
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix='vm-finalize-bench-', dir=options.work) as work:
        made = backups.make(work, options.data)
        print('%-7s %6s %9s %9s %12s %12s' % ('backup', 'disks', 'seconds', 'MB/s', 'MiB before', 'MiB at most'))
        for name in options.formats.split(','):
            backup = made[name]
            backup.warm()
            with Server(work, backup, arguments='--machines %d' % options.disks) as server:
                with open(os.path.join(work, 'ours.pid')) as f:
                    pid = int(f.read())
                before = high_water_mib(pid)
                began = time.monotonic()
                server.call('finalize')
                server.call('wait')
                seconds = time.monotonic() - began
                most = high_water_mib(pid)
                for folder in os.listdir(server.datastore):
                    if folder.startswith('vm'):
                        run('qemu-img', 'compare', '-f', 'raw', '-F', backup.driver,
                            os.path.join(server.datastore, folder, 'disk-flat.vmdk'), backup.image)
            print('%-7s %6d %9.1f %9.0f %12d %12d' % (name, options.disks, seconds,
                                                    options.disks * options.data * backups.MIB / 1e6 / seconds, before,
                                                    most), flush=True)
