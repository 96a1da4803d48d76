"""W2: what does a guest feel while its disk is finalized, and how long does that take?

The guest is fio: 4 KiB at random over the whole disk, 70 % reads, 8 at a time, capped at 2000 a second and uncapped.
Both disks are reached through an NBD export of a QEMU storage daemon, as a hypervisor with remote storage has it:
  stream    a second storage daemon with a qcow2 overlay over the backup; block-stream is the job
  ours      vm-finalize over NFS (nfs://127.0.0.1/...), through scripts/bench-adapter; finalizing is the job
For each: first with a job, from a second before its start until the result is durable, then without one, on another server
that was just started, for as long: the first seconds of a JVM are its slowest. The finished disk of ours must be wholly local; what the guest wrote is not compared here (see the tests).

Needs root or user namespaces (it runs in a network of its own), fio, qemu-utils, qemu-system-common,
qemu-block-extra, iproute2 and a JDK 25.
"""
import argparse, contextlib, os, tempfile, threading, time

from side_by_side import backups, own_network
from side_by_side.guest import Guest
from side_by_side.programs import fsync, run
from side_by_side.server import Server
from side_by_side.storage_daemon import StorageDaemon, export, overlay_on

NFS_DISK = {'driver': 'raw', 'node-name': 'disk', 'file': {
    'driver': 'nfs', 'server': {'type': 'inet', 'host': '127.0.0.1'}, 'path': '/bench/vm/disk-flat.vmdk'}}


def nbd_disk(path):
    return {'driver': 'raw', 'node-name': 'disk', 'file': {
        'driver': 'nbd', 'export': 'disk', 'server': {'type': 'unix', 'path': path}}}


class Stream:
    def __init__(self, work, backup):
        self.overlay, self.socket = os.path.join(work, 'overlay.qcow2'), os.path.join(work, 'stream.nbd')
        run('qemu-img', 'create', '-f', 'qcow2', '-b', backup.image, '-F', backup.driver, self.overlay)
        self.daemon = StorageDaemon(work, overlay_on(backup, self.overlay), *export('top', self.socket))
        self.disk = nbd_disk(self.socket)

    def finalize(self):
        self.daemon.command('block-stream', **{'job-id': 'job', 'device': 'top'})
        self.daemon.await_job()
        fsync(self.overlay)

    def close(self):
        self.daemon.close()
        os.unlink(self.overlay)


class Ours:
    disk = NFS_DISK

    def __init__(self, work, backup):
        self.server = Server(work, backup, ports='own')
        self.server.__enter__()

    def finalize(self):
        self.server.call('finalize')
        self.server.call('wait')
        fsync(self.server.flat)

    def close(self):
        self.server.__exit__()


def measure_once(kind, work, backup, iops, options, seconds=None):
    """What the guest felt, and for how many seconds: those given without a job, else those that the job took."""
    with_job = seconds is None
    backup.warm()
    socket = os.path.join(work, 'guest.nbd')
    with contextlib.closing(kind(work, backup)) as target, contextlib.closing(
            StorageDaemon(work, [target.disk], *export('disk', socket), name='gateway')):
        guest = Guest(work, 'nbd+unix:///disk?socket=' + socket, options.longest if with_job else round(seconds + 1), iops,
                      options.depth, options.flush)
        if with_job:
            time.sleep(1)  # the load is up before the job begins
            began = time.monotonic()
            job = threading.Thread(target=target.finalize, daemon=True)
            job.start()
            job.join(options.longest - 2)
            seconds = time.monotonic() - began
            if job.is_alive():
                raise RuntimeError('the job is not done after %d s' % seconds)
        return guest.finish(now=with_job), seconds


def compare(load, iops, work, backup, options):
    for name, kind in (('stream', Stream), ('ours', Ours)):
        if name not in options.targets.split(','):
            continue
        during, seconds = measure_once(kind, work, backup, iops, options)
        without, _ = measure_once(kind, work, backup, iops, options, max(options.least, seconds))
        for job, figures in (('none', without), ('finalize', during)):
            print('%-9s %-7s %-9s %7.0f %s %s %s' % (
                load, name, job, figures['iops'], ' '.join('%8.0f' % v for v in figures['read']),
                ' '.join('%8.0f' % v for v in figures['write']),
                '' if job == 'none' else '%9.1f' % seconds))
        print('%-9s %-7s p99 with the job / without: reads %.2f, writes %.2f' % (
            load, name, during['read'][1] / without['read'][1], during['write'][1] / without['write'][1]), flush=True)


def measure(arguments):
    parser = argparse.ArgumentParser(prog='scripts/bench w2', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', type=int, default=512, help='MiB of data, at least 16')
    parser.add_argument('--format', default='qcow2', help='raw, qcow2 or zqcow2')
    parser.add_argument('--loads', default='capped,uncapped')
    parser.add_argument('--targets', default='stream,ours')
    parser.add_argument('--iops', type=int, default=2000, help='the cap')
    parser.add_argument('--depth', type=int, default=8)
    parser.add_argument('--flush', type=int, default=0, help='the guest flushes after as many writes; 0: never')
    parser.add_argument('--least', type=int, default=2, help='seconds of the load without a job, if the job took less')
    parser.add_argument('--longest', type=int, default=120, help='seconds that a job may take')
    parser.add_argument('--work', default='/var/tmp', help='where about 8 times the data fit')
    options = parser.parse_args(arguments)
    own_network.enter()
    with tempfile.TemporaryDirectory(prefix='vm-finalize-bench-', dir=options.work) as work:
        backup = backups.make(work, options.data)[options.format]
        print('%d MiB of data, %s; microseconds' % (options.data, options.format))
        print('%-9s %-7s %-9s %7s %26s %26s %9s' % ('load', 'target', 'job', 'IOPS', 'reads p50 p99 p99.9',
                                                   'writes p50 p99 p99.9', 'seconds'), flush=True)
        for load in options.loads.split(','):
            compare(load, options.iops if load == 'capped' else 0, work, backup, options)
