"""How long does it take until a VM with a large disk runs from a backup?

Makes backups of one disk each in which every 16th GiB has data, then runs a VM from each in a server that was just
started, with the lab's vCenter: from the REST request to its answer, which comes when the VM is powered on.
  sparse.raw    a raw file with holes       sparse.qcow2   the same as qcow2       again-…   a second time, with a warm JVM
The steps of the server follow, in milliseconds. The goal is less than 5 s of our own time for 2 TiB.

Needs qemu-utils and a JDK 25; the lab must be built (scripts/lab --help builds it).
"""
import argparse, glob, os, subprocess, tempfile

from side_by_side.programs import run

HOME = os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', '..')
GIB = 1 << 30


def make(work, gib):
    raw = os.path.join(work, 'sparse.raw')
    with open(raw, 'wb') as file:
        file.truncate(gib * GIB)
        for at in range(0, gib * GIB, 16 * GIB):
            file.seek(at)
            file.write(os.urandom(64 << 10))
    qcow2 = os.path.join(work, 'sparse.qcow2')
    run('qemu-img', 'create', '-q', '-f', 'qcow2', qcow2, '%dG' % gib)
    run('qemu-io', '-f', 'qcow2', qcow2, *(argument for at in range(0, gib, 16)
                                          for argument in ('-c', 'write -P 7 %dG 64k' % at)))
    again = [os.path.join(work, 'again-' + os.path.basename(image)) for image in (raw, qcow2)]
    for image, link in zip((raw, qcow2), again):
        os.link(image, link)
    return [raw, qcow2, *again]


def measure(arguments):
    parser = argparse.ArgumentParser(prog='scripts/bench run', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--gib', type=int, default=2048, help='size of the disk')
    parser.add_argument('--work', default='/var/tmp', help='a folder of a file system that has holes')
    options = parser.parse_args(arguments)
    lab = os.path.join(HOME, 'plugin-backend', 'lab', 'target')
    jdk = subprocess.run(['bash', '-c', '. "$0" && find_jdk_25', os.path.join(HOME, 'scripts', 'jdk.sh')], check=True,
                         capture_output=True, text=True).stdout.strip()
    with tempfile.TemporaryDirectory(prefix='vm-finalize-bench-', dir=options.work) as work:
        images = make(work, options.gib)
        print('%d GiB each' % options.gib, flush=True)
        subprocess.run([os.path.join(jdk, 'bin', 'java'), '-Djava.io.tmpdir=' + work, '--enable-native-access=ALL-UNNAMED',
                        '--sun-misc-unsafe-memory-access=allow', '-cp',
                        ':'.join([os.path.join(lab, 'classes'), *glob.glob(os.path.join(lab, 'lib', '*.jar'))]),
                        'org.vmfinalize.lab.RunTimes', *images], check=True)
