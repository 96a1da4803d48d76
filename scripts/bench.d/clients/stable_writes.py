"""A client that writes 4 KiB at random places of one file and asks for each to be stable (FILE_SYNC), as ESXi does.

  stable_writes.py HOST PATH DEPTH SECONDS      prints the writes per second

The client programs of libnfs and QEMU cannot ask for that. RFC 5531 for the calls, RFC 1813 for MOUNT and NFS.
"""
import random, socket, struct, sys, time

PORTMAPPER, MOUNT, NFS = (100000, 2), (100005, 3), (100003, 3)
BLOCK, FILE_SYNC, LAST = 4096, 2, 1 << 31


def opaque(content):
    return struct.pack('>I', len(content)) + content + bytes(-len(content) % 4)


CREDENTIALS = struct.pack('>I', 1) + opaque(struct.pack('>I', 0) + opaque(b'bench') + struct.pack('>4I', 0, 0, 1, 0)) + bytes(8)


class Connection:
    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), 30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received, self.number = b'', 0

    def send(self, program, procedure, arguments):
        self.number += 1
        call = struct.pack('>6I', self.number, 0, 2, *program, procedure) + CREDENTIALS + arguments
        self.socket.sendall(struct.pack('>I', LAST | len(call)) + call)
        return self.number

    def answers(self):
        """The numbers and results of the calls that have been answered; waits for one at least."""
        done = []
        while not done:
            part = self.socket.recv(1 << 18)
            if not part:
                raise IOError('the server has closed the connection')
            self.received += part
            while len(self.received) >= 4:
                end = 4 + (struct.unpack('>I', self.received[:4])[0] & ~LAST)
                if len(self.received) < end:
                    break
                number, _, refused, _, verifier, failed = struct.unpack('>6I', self.received[4:28])
                if refused or verifier or failed:
                    raise IOError('a call was refused: %d %d' % (refused, failed))
                done.append((number, self.received[28:end]))
                self.received = self.received[end:]
        return done

    def call(self, program, procedure, arguments, *status):
        self.send(program, procedure, arguments)
        (_, result), = self.answers()
        if status and struct.unpack('>I', result[:4])[0] != status[0]:
            raise IOError('procedure %d of %d: status %d' % (procedure, program[0], struct.unpack('>I', result[:4])[0]))
        return result


def port(host, program):
    found = Connection(host, 111).call(PORTMAPPER, 3, struct.pack('>4I', *program, socket.IPPROTO_TCP, 0))
    return struct.unpack('>I', found)[0]


def handle(result):
    return result[8:8 + struct.unpack('>I', result[4:8])[0]]


def open_file(host, path):
    """(connection, handle, size): the longest part of the path that can be mounted, then the rest by LOOKUP."""
    names = path.strip('/').split('/')
    mount, nfs = Connection(host, port(host, MOUNT)), Connection(host, port(host, NFS))
    for mounted in range(len(names) - 1, 0, -1):
        try:
            found = handle(mount.call(MOUNT, 1, opaque(('/' + '/'.join(names[:mounted])).encode()), 0))
            break
        except IOError:
            continue
    else:
        raise IOError('no part of %s can be mounted' % path)
    for name in names[mounted:]:
        found = handle(nfs.call(NFS, 3, opaque(found) + opaque(name.encode()), 0))
    attributes = nfs.call(NFS, 1, opaque(found), 0)
    return nfs, found, struct.unpack('>Q', attributes[24:32])[0]


def measure(host, path, depth, seconds):
    nfs, file, size = open_file(host, path)
    content, blocks, begun, count = opaque(random.randbytes(BLOCK)), size // BLOCK, time.monotonic(), 0

    def write():
        at = random.randrange(blocks) * BLOCK
        nfs.send(NFS, 7, opaque(file) + struct.pack('>QII', at, BLOCK, FILE_SYNC) + content)

    for _ in range(depth):
        write()
    while time.monotonic() - begun < seconds:
        for _, result in nfs.answers():
            if struct.unpack('>I', result[:4])[0]:
                raise IOError('WRITE: status %d' % struct.unpack('>I', result[:4])[0])
            count += 1
            write()
    return count / (time.monotonic() - begun)


if __name__ == '__main__':
    print('%.1f' % measure(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
