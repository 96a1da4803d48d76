"""W1: how long does it take until a backup is a complete, durable disk while nobody else uses it?

Taking turns, on the same backup in the page cache:
  convert   qemu-img convert -m 16 -W, with and without -t none; the faster of the two counts
  stream    QEMU's block-stream into a qcow2 overlay, as for a running machine
  nbdcopy   nbdcopy from qemu-nbd into a raw file
  ours      vm-finalize, a server that was just started (a cold JVM), through scripts/bench-adapter
  ours warm vm-finalize, after it has finalized the same backup once
Time is until an fsync of the result has returned. Every result of ours is compared with the backup by qemu-img.

Needs qemu-utils, qemu-system-common (qemu-storage-daemon), libnbd-bin and a JDK 25.
"""
import argparse, os, statistics, subprocess, tempfile, time

from side_by_side import backups
from side_by_side.programs import fsync, run
from side_by_side.server import Server
from side_by_side.storage_daemon import StorageDaemon, overlay_on


def convert(work, backup, *options):
    out = os.path.join(work, 'convert.raw')
    began = time.monotonic()
    run('qemu-img', 'convert', '-m', '16', '-W', *options, '-f', backup.driver, '-O', 'raw', backup.image, out)
    fsync(out)
    seconds = time.monotonic() - began
    os.unlink(out)
    return seconds


def stream(work, backup):
    overlay = os.path.join(work, 'overlay.qcow2')
    run('qemu-img', 'create', '-f', 'qcow2', '-b', backup.image, '-F', backup.driver, overlay)
    daemon = StorageDaemon(work, overlay_on(backup, overlay))
    began = time.monotonic()
    daemon.command('block-stream', **{'job-id': 'job', 'device': 'top'})
    daemon.await_job()
    fsync(overlay)
    seconds = time.monotonic() - began
    daemon.close()
    os.unlink(overlay)
    return seconds


def nbdcopy(work, backup):
    out, path = os.path.join(work, 'nbdcopy.raw'), os.path.join(work, 'nbdcopy.nbd')
    source = subprocess.Popen(['qemu-nbd', '-r', '-t', '-e', '16', '-f', backup.driver, '-k', path, backup.image])
    while not os.path.exists(path):
        time.sleep(0.01)
    began = time.monotonic()
    run('nbdcopy', 'nbd+unix:///?socket=' + path, out)
    fsync(out)
    seconds = time.monotonic() - began
    source.terminate()
    source.wait()
    os.unlink(out)
    return seconds


def ours(work, backup, arguments=''):
    with Server(work, backup, arguments=arguments) as server:
        began = time.monotonic()
        server.call('finalize')
        server.call('wait')
        fsync(server.flat)
        seconds = time.monotonic() - began
        run('qemu-img', 'compare', '-f', 'raw', '-F', backup.driver, server.flat, backup.image)
    return seconds


METHODS = {
    'convert': convert,
    'convert -t none': lambda work, backup: convert(work, backup, '-t', 'none'),
    'stream': stream,
    'nbdcopy': nbdcopy,
    'ours': ours,
    'ours warm': lambda work, backup: ours(work, backup, '--warm-up'),
}


def compare(name, backup, options, work):
    times = {method: [] for method in METHODS}
    for _ in range(options.reps):
        for method, measure_once in METHODS.items():
            backup.warm()
            times[method].append(measure_once(work, backup))
    middle = {method: statistics.median(runs) for method, runs in times.items()}
    for method, seconds in middle.items():
        print('%-7s %-16s %9.2f %13.0f   %s' % (name, method, seconds, options.data * backups.MIB / 1e6 / seconds,
                                               ' '.join('%.2f' % t for t in times[method])))
    best = min(middle['convert'], middle['convert -t none'])
    for method in ('ours', 'ours warm'):
        print('%-7s %s / convert = %.2f, / stream = %.2f, / nbdcopy = %.2f' % (
            name, method, middle[method] / best, middle[method] / middle['stream'], middle[method] / middle['nbdcopy']),
              flush=True)


def measure(arguments):
    parser = argparse.ArgumentParser(prog='scripts/bench w1', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', type=int, default=512, help='MiB of data, at least 16')
    parser.add_argument('--reps', type=int, default=3)
    parser.add_argument('--formats', default='raw,qcow2,zqcow2')
    parser.add_argument('--work', default='/var/tmp', help='where about 8 times the data fit')
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix='vm-finalize-bench-', dir=options.work) as work:
        print('making a backup with %d MiB of data ...' % options.data, flush=True)
        made = backups.make(work, options.data)
        print('%-7s %-16s %9s %13s   %s' % ('backup', 'method', 'seconds', 'MB/s of data', 'all runs'))
        for name in options.formats.split(','):
            compare(name, made[name], options, work)
