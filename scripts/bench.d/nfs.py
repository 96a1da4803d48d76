"""NFS: how quickly is a disk of the datastore served, next to nfs-ganesha, by the same clients?

Taking turns, each server in a network of its own, each file in the page cache:
  ganesha   nfs-ganesha (VFS), a plain file
  plain     vm-finalize, a plain file
  local     vm-finalize, a live disk all of whose blocks a client has written, in large pieces
  backup    vm-finalize, a live disk none of whose blocks is local: reads come out of a raw backup
The clients are qemu-img bench and qemu-img convert (libnfs) and, for stable writes, clients/stable_writes.py. Before its
row is measured, each server gets the row once for a moment, since a JVM compiles what it runs often.

How quick small writes are depends on the folios in which the page cache keeps the file: those of what was written are as large
as the writes, those of what the system has read ahead may have 2 MiB. So plain files are there as they were copied and a live
disk as it was written; with --reread all are thrown out of the cache before each measurement and read in from the device.

Needs root, qemu-utils, qemu-block-extra, nfs-ganesha-vfs, rpcbind and a JDK 25.
"""
import argparse, contextlib, os, re, shutil, statistics, subprocess, sys, tempfile

from side_by_side.backups import Backup
from side_by_side.ganesha import Ganesha
from side_by_side.network import Network, await_nfs
from side_by_side.programs import run
from side_by_side.server import Server

MIB, DEPTH = 1 << 20, 32
STEP = MIB + 4096     # for small requests: no two neighbours are under way at a time
CLIENT = os.path.join(os.path.dirname(os.path.realpath(__file__)), 'clients', 'stable_writes.py')


class Target:
    """A file, where it is served, and the network in which to ask for it."""

    def __init__(self, name, network, folder, file):
        self.name, self.network, self.path, self.file = name, network, folder, file

    @property
    def url(self):
        return 'nfs://127.0.0.1' + self.path

    def client(self, *argv):
        return subprocess.run([*self.network.prefix, *argv], check=True, capture_output=True, text=True).stdout

    def warm(self, again):
        os.sync()
        for file in self.file if again else ():
            with open(file, 'rb') as f:
                os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        Backup(None, None, self.file, 0).warm()


def qemu_bench(count, size, *options):
    def measure_once(target, share):
        said = target.client('qemu-img', 'bench', '-f', 'raw', '-t', 'none', '-c', str(max(DEPTH, int(count * share))),
                             '-d', str(DEPTH), '-s', str(size), *options, target.url)
        seconds = float(re.search(r'completed in ([\d.]+)', said).group(1))
        return max(DEPTH, int(count * share)) / seconds * (1 if size == 4096 else size / 1e6)
    return measure_once


def stable_writes(depth):
    def measure_once(target, share):
        return float(target.client(sys.executable, CLIENT, '127.0.0.1', target.path, str(depth), str(3 * share)))
    return measure_once


ROWS = [
    ('1 MiB reads, MB/s', qemu_bench(2000, MIB)),
    ('1 MiB writes, MB/s', qemu_bench(1000, MIB, '-w')),
    ('64 KiB reads, MB/s', qemu_bench(20000, 65536)),
    ('64 KiB writes, MB/s', qemu_bench(10000, 65536, '-w')),
    ('4 KiB random reads, 1/s', qemu_bench(40000, 4096, '-S', str(STEP))),
    ('4 KiB random writes, 1/s', qemu_bench(30000, 4096, '-S', str(STEP), '-w')),
    ('4 KiB stable writes, depth 1, 1/s', stable_writes(1)),
    ('4 KiB stable writes, depth 32, 1/s', stable_writes(32)),
]


def start_ours(name, work, source, size, running):
    """A server of ours for one kind of file, so that none warms up another's code; `running` ends it."""
    folder = os.path.join(work, name)
    os.makedirs(folder)
    backup = Backup(source, 'raw', [source], size)
    if name == 'local':
        backup = Backup(os.path.join(folder, 'empty.raw'), 'raw', [], size)
        with open(backup.image, 'wb') as f:
            f.truncate(size)
    network = running.enter_context(contextlib.closing(Network()))
    server = running.enter_context(Server(folder, backup, prefix=network.prefix, ports='own', long_run=True))
    await_nfs(network)
    if name == 'plain':
        path = os.path.join(server.datastore, 'vm', 'plain.raw')
        shutil.copyfile(source, path)
        return Target(name, network, '/bench/vm/plain.raw', [path])
    target = Target(name, network, '/bench/vm/disk-flat.vmdk', [source] if name == 'backup' else [server.flat])
    if name == 'local':
        target.client('qemu-img', 'convert', '-n', '-f', 'raw', '-O', 'raw', source, target.url)
    return target


def measure_row(name, measure_once, targets, options):
    values = {target.name: [] for target in targets}
    for target in targets:
        target.warm(options.reread)
        measure_once(target, 0.2 * options.scale)
    for _ in range(options.reps):
        for target in targets:
            target.warm(options.reread)
            values[target.name].append(measure_once(target, options.scale))
    middle = {name: statistics.median(all_runs) for name, all_runs in values.items()}
    first = middle[targets[0].name]
    print('%-36s' % name + ''.join('%10.0f' % middle[t.name] for t in targets)
          + '   ' + '  '.join('%.2f' % (middle[t.name] / first) for t in targets[1:]), flush=True)


def measure(arguments):
    parser = argparse.ArgumentParser(prog='scripts/bench nfs', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--size', type=int, default=1024, help='MiB of the file')
    parser.add_argument('--reps', type=int, default=3)
    parser.add_argument('--scale', type=float, default=1, help='of the number of requests')
    parser.add_argument('--reread', action='store_true', help='files are read in from the device before each measurement')
    parser.add_argument('--targets', default='ganesha,plain,local,backup')
    parser.add_argument('--rows', default='', help='only those that this regular expression is found in')
    parser.add_argument('--work', default='/var/tmp', help='where about 5 times the size fits')
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix='vm-finalize-bench-', dir=options.work) as work, contextlib.ExitStack() as running:
        source = os.path.join(work, 'source.raw')
        run('dd', 'if=/dev/urandom', 'of=' + source, 'bs=1M', 'count=%d' % options.size, stderr=subprocess.DEVNULL)
        exported = os.path.join(work, 'exported')
        os.makedirs(exported)
        shutil.copyfile(source, os.path.join(exported, 'plain.raw'))
        ganesha = running.enter_context(contextlib.closing(Ganesha(work, exported)))
        all_targets = [Target('ganesha', ganesha.network, exported + '/plain.raw', [os.path.join(exported, 'plain.raw')]),
                       *(start_ours(name, work, source, options.size * MIB, running) for name in ('plain', 'local', 'backup'))]
        targets = [target for target in all_targets if target.name in options.targets.split(',')]
        print('%-36s' % '' + ''.join('%10s' % t.name for t in targets) + '   each / ' + targets[0].name)
        for name, measure_once in ROWS:
            if re.search(options.rows, name):
                measure_row(name, measure_once, targets, options)
