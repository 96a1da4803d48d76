"""QEMU's storage daemon, with a connection to tell it what to do (QMP)."""
import json, os, socket, subprocess


class StorageDaemon:
    def __init__(self, folder, nodes, *arguments, name='daemon'):
        self.path = os.path.join(folder, name + '.qmp')
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        listener.listen()
        self.process = subprocess.Popen(['qemu-storage-daemon', *(a for n in nodes for a in ('--blockdev', json.dumps(n))),
                                         '--chardev', 'socket,id=q,path=' + self.path, '--monitor', 'chardev=q', *arguments])
        listener.settimeout(30)
        self.talk = listener.accept()[0].makefile('rwb', buffering=0)
        listener.close()
        self.answer()
        self.command('qmp_capabilities')

    def answer(self):
        line = self.talk.readline()
        if not line:
            raise RuntimeError('qemu-storage-daemon has ended')
        return json.loads(line)

    def command(self, name, **arguments):
        self.talk.write(json.dumps({'execute': name, 'arguments': arguments}).encode() + b'\n')
        answer = self.answer()
        while 'event' in answer:
            answer = self.answer()
        if 'error' in answer:
            raise RuntimeError('qemu-storage-daemon: ' + answer['error']['desc'])

    def await_job(self):
        while True:
            event = self.answer()
            if event.get('event') == 'BLOCK_JOB_COMPLETED':
                if event['data'].get('error'):
                    raise RuntimeError('block job: ' + event['data']['error'])
                return

    def close(self):
        self.command('quit')
        self.process.wait()
        os.unlink(self.path)


def overlay_on(backup, overlay):
    """The nodes of a disk `top`: a writable qcow2 overlay over the backup, as an instant recovery with QEMU has it."""
    return [{'driver': backup.driver, 'node-name': 'backup', 'read-only': True,
             'file': {'driver': 'file', 'filename': backup.image}},
            {'driver': 'qcow2', 'node-name': 'top', 'backing': 'backup', 'file': {'driver': 'file', 'filename': overlay}}]


def export(node, path):
    """The arguments that export a node as NBD `disk` on a Unix socket."""
    return ('--nbd-server', 'addr.type=unix,addr.path=%s,max-connections=16' % path,
            '--export', 'type=nbd,id=e,node-name=%s,name=disk,writable=on' % node)
