"""How long does the command line take to start?

Taking turns, after one round that does not count, wall seconds of each process:
  bash -c true          what a shell costs
  java -version         what the JVM costs
  --version, --help     scripts/vm-finalize, the launcher included
  vms                   the same without a session, up to the refusal: all that happens before the network
The goal is less than 0.5 s. The ratio is to 'java -version'.

Needs a JDK 25.
"""
import argparse, os, statistics, subprocess, tempfile, time

HOME = os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', '..')
CLI = os.path.join(HOME, 'scripts', 'vm-finalize')


def seconds(argv, environment):
    began = time.monotonic()
    subprocess.run(argv, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def measure(arguments):
    parser = argparse.ArgumentParser(prog='scripts/bench cli', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--reps', type=int, default=15)
    options = parser.parse_args(arguments)
    jdk = subprocess.run(['bash', '-c', '. "$0" && find_jdk_25', os.path.join(HOME, 'scripts', 'jdk.sh')], check=True,
                         capture_output=True, text=True).stdout.strip()
    commands = {'bash -c true': ['bash', '-c', 'true'], 'java -version': [os.path.join(jdk, 'bin', 'java'), '-version'],
                '--version': [CLI, '--version'], '--help': [CLI, '--help'], 'vms': [CLI, 'vms']}
    with tempfile.TemporaryDirectory(prefix='vm-finalize-bench-') as nobody:
        environment = dict(os.environ, XDG_CONFIG_HOME=nobody)
        environment.pop('JAVA_TOOL_OPTIONS', None)
        times = {name: [] for name in commands}
        for repetition in range(options.reps + 1):
            for name, argv in commands.items():
                taken = seconds(argv, environment)
                if repetition > 0:
                    times[name].append(taken)
    java = statistics.median(times['java -version'])
    print('%-14s  %6s  %6s  %6s  %6s' % ('', 'median', 'least', 'most', 'ratio'))
    for name, taken in times.items():
        print('%-14s  %6.3f  %6.3f  %6.3f  %6.1f' % (name, statistics.median(taken), min(taken), max(taken),
                                                     statistics.median(taken) / java))
