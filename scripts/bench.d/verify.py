"""What does a proof cost, and how fast is a disk compared with its receipt?

Taking turns, on the same backup in the page cache:
  finalize           vm-finalize, without verifying
  finalize, verify   the same, the disk being read back, proven and digested before it is sealed
  sha256sum          of the finished disk
  verify             scripts/vm-finalize verify of the finished disk with its receipt, the JVM's start included
Seconds of the clock, and of all processors (user and system).

Needs qemu-utils and a JDK 25.
"""
import argparse, os, resource, statistics, subprocess, tempfile, time

from side_by_side import backups
from side_by_side.server import Server

TICKS = os.sysconf('SC_CLK_TCK')
CLI = os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'vm-finalize')


def processor_seconds(pid):
    with open('/proc/%d/stat' % pid) as f:
        fields = f.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def finalize(server):
    with open(os.path.join(server.folder, 'ours.pid')) as f:
        pid = int(f.read())
    used, began = processor_seconds(pid), time.monotonic()
    server.call('finalize')
    server.call('wait')
    return time.monotonic() - began, processor_seconds(pid) - used


def program(*argv):
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def await_receipt(out):
    """It is signed after the disk was said to be complete."""
    while True:
        with open(out) as lines:
            for line in lines:
                if line.startswith('receipt ') and line.endswith('\n'):
                    return line.split(' ', 1)[1].strip()
        time.sleep(0.05)


def once(work, backup, times):
    backup.warm()
    with Server(work, backup) as server:
        times['finalize'].append(finalize(server))
    backup.warm()
    with Server(work, backup, arguments='--verify') as server:
        times['finalize, verify'].append(finalize(server))
        receipt = await_receipt(os.path.join(work, 'ours.out'))
        times['sha256sum'].append(program('sha256sum', server.flat))
        times['verify'].append(program(CLI, 'verify', receipt, server.flat))


def measure(arguments):
    parser = argparse.ArgumentParser(prog='scripts/bench verify', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', type=int, default=512, help='MiB of data, at least 16; the disk has twice as much')
    parser.add_argument('--reps', type=int, default=3)
    parser.add_argument('--work', default='/var/tmp', help='where about 8 times the data fit')
    options = parser.parse_args(arguments)
    subprocess.run([CLI, 'verify', '--help'], check=True, stdout=subprocess.DEVNULL)  # builds it
    times = {name: [] for name in ('finalize', 'finalize, verify', 'sha256sum', 'verify')}
    with tempfile.TemporaryDirectory(prefix='vm-finalize-bench-', dir=options.work) as work:
        print('making a backup with %d MiB of data ...' % options.data, flush=True)
        backup = backups.make(work, options.data)['raw']
        for _ in range(options.reps):
            once(work, backup, times)
    print('%-18s %9s %14s' % ('', 'seconds', 'of processors'))
    middle = {}
    for name, runs in times.items():
        middle[name] = [statistics.median(run[i] for run in runs) for i in (0, 1)]
        print('%-18s %9.2f %14.2f' % (name, *middle[name]))
    for this, other in (('finalize, verify', 'finalize'), ('verify', 'sha256sum')):
        print('%s / %s = %.2f, of processors %.2f' % (this, other, middle[this][0] / middle[other][0],
                                                     middle[this][1] / middle[other][1]))
