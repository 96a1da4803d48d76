"""Runs jobs and writes down how far they were ten times a second: what the test of the time left is fed with.

  scripts/bench record > plugin-backend/migration-core/src/test/resources/org/vmfinalize/finalization/recorded-jobs.txt

Jobs of each format, with and without a limit, and with a guest that works all the time or for a part of it. Needs what w2
needs.
"""
import argparse, os, sys, tempfile, threading

from side_by_side import backups, own_network
from side_by_side.guest import Guest
from side_by_side.server import Server
from side_by_side.storage_daemon import StorageDaemon, export
from w2 import NFS_DISK


def record(work, name, backup, limit, seconds):
    """With a guest that works for so many seconds; 0: none."""
    backup.warm()
    with Server(work, backup, ports='own', arguments='--progress --bytes-per-second %d' % limit) as server:
        if seconds:
            socket = os.path.join(work, 'guest.nbd')
            gateway = StorageDaemon(work, [NFS_DISK], *export('disk', socket), name='gateway')
            guest = Guest(work, 'nbd+unix:///disk?socket=' + socket, seconds, 2000, 8, 0)
            ended = threading.Thread(target=guest.finish)
            ended.start()
        server.call('finalize')
        server.call('wait')
        looks = server.progress()
        if seconds:
            guest.process.terminate()
            ended.join()
            gateway.close()
    print('job %s' % name)
    for look in looks:
        print('%d %d %d' % look)
    print('%s: %.1f s' % (name, looks[-1][0] / 1e3), file=sys.stderr, flush=True)


def measure(arguments):
    parser = argparse.ArgumentParser(prog='scripts/bench record', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', type=int, default=768, help='MiB of data, at least 16')
    parser.add_argument('--work', default='/var/tmp', help='where about 8 times the data fit')
    options = parser.parse_args(arguments)
    own_network.enter()
    with tempfile.TemporaryDirectory(prefix='vm-finalize-bench-', dir=options.work) as work:
        made = backups.make(work, options.data)
        print('# Made by scripts/bench record: milliseconds, bytes done, bytes in all.')
        for name, backup in made.items():
            record(work, name, backup, 0, 0)
            record(work, name + ' with a limit', backup, options.data * backups.MIB // 8, 0)
            record(work, name + ' with a guest', backup, 0, 600)
            record(work, name + ' with a guest for two seconds', backup, 0, 2)
