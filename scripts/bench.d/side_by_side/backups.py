"""Backups made of random data, for the peers and for us alike."""
import os, random

from .programs import run

MIB = 1 << 20


class Backup:
    def __init__(self, image, driver, files, size):
        self.image, self.driver, self.files, self.size = image, driver, files, size

    def warm(self):
        """Reads it into the page cache, and leaves nothing to be written."""
        os.sync()
        for file in self.files:
            with open(file, 'rb', buffering=0) as f:
                while f.read(8 * MIB):
                    pass


def make(folder, data_mib):
    """A disk of twice the data's size, in runs of 256 KiB to 4 MiB; a third of the data packs well. By name."""
    raw, rng = os.path.join(folder, 'base.raw'), random.Random(1)
    size = 2 * data_mib * MIB
    text = b''.join(b'%016x some words that pack well\n' % rng.getrandbits(64) for _ in range(MIB // 40))
    with open(raw, 'wb') as f:
        f.truncate(size)
        written, at = 0, 0
        while written < data_mib * MIB and at < size - 4 * MIB:
            length = rng.choice((1, 2, 4, 8, 16)) * MIB // 4
            f.seek(at)
            f.write(rng.randbytes(length) if rng.random() < 0.67 else (text * 5)[:length])
            written, at = written + length, at + length + rng.choice((0, 1, 2, 4, 8, 16)) * MIB // 4
    full, inc, packed = (os.path.join(folder, n) for n in ('full.qcow2', 'inc.qcow2', 'packed.qcow2'))
    run('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, full)
    run('qemu-img', 'convert', '-c', '-m', '16', '-f', 'raw', '-O', 'qcow2', raw, packed)
    run('qemu-img', 'create', '-f', 'qcow2', '-b', full, '-F', 'qcow2', inc)
    writes = ['write -P %d %d %d' % (rng.randrange(1, 256), rng.randrange(size >> 16) << 16, 64 << 10)
              for _ in range(data_mib * 16 // 10)]
    run('qemu-io', '-f', 'qcow2', inc, input='\n'.join(writes).encode())
    return {'raw': Backup(raw, 'raw', [raw], size), 'qcow2': Backup(inc, 'qcow2', [inc, full], size),
            'zqcow2': Backup(packed, 'qcow2', [packed], size)}
