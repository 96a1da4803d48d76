"""The guest's load: fio on an NBD export, behind which is the disk that is measured."""
import json, os, signal, subprocess

PERCENTILES = ('50.000000', '99.000000', '99.900000')


class Guest:
    """4 KiB random, 70 % reads; `iops` = 0: as many as it can."""

    def __init__(self, folder, uri, seconds, iops, depth, flush_every):
        self.report = os.path.join(folder, 'fio.json')
        command = ['fio', '--name=guest', '--ioengine=nbd', '--uri=' + uri, '--rw=randrw', '--rwmixread=70', '--bs=4k',
                   '--iodepth=%d' % depth, '--time_based', '--runtime=%d' % seconds, '--norandommap', '--randrepeat=0',
                   '--percentile_list=50:99:99.9', '--output-format=json', '--output=' + self.report]
        if iops:
            command.append('--rate_iops=%d,%d' % (iops * 0.7, iops * 0.3))
        if flush_every:
            command.append('--fdatasync=%d' % flush_every)
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def finish(self, now=False):
        """Its figures: I/O a second, and microseconds at p50, p99 and p99.9 of reads and of writes."""
        if now and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait()
        with open(self.report) as f:
            text = f.read()
        os.unlink(self.report)
        job = json.loads(text[text.index('{'):])['jobs'][0]
        if job['error']:
            raise RuntimeError('the guest got an I/O error (%d)' % job['error'])

        def micros(way):
            of = job[way]['clat_ns'].get('percentile', {})
            return [of.get(p, 0) / 1e3 for p in PERCENTILES]

        return {'iops': job['read']['iops'] + job['write']['iops'], 'read': micros('read'), 'write': micros('write')}
