// Tests that backups can be restored: runs the latest backup of every VM in a folder, checks it, and throws it away again.
//
//   scripts/vm-finalize run-script scripts/examples/restore-test.groovy --folder /backups/web --datastore instant-1 \
//       --wait-for tools --html report.html --junit report.xml
//
//   --folder LOCATION      how the locations of the backups begin; each VM's latest is tested
//   --datastore NAME       takes the changes of the VMs under test
//   --network NAME         which network their cards are plugged in; default disconnected
//   --into FOLDER          vSphere's folder for the VMs under test; default that of all
//   --wait-for WHAT        power, tools (VMware Tools run), ip (they told an address), or port:NUMBER (it answers there);
//                          default tools
//   --patience TIME        for that, such as '5 min'; default 5 min
//   --check COMMAND        a shell command that must succeed; it finds VM_NAME, VM_ID and VM_IP in its environment
//   --html FILE, --junit FILE   where the report goes, for people and for programs
//
// Ends with status 1 if a test failed.
import groovy.xml.MarkupBuilder
import java.time.Duration

def given = options(folder: required, datastore: required, network: 'disconnected', into: null, waitFor: 'tools',
        patience: Duration.ofMinutes(5), check: null, html: null, junit: null)
assert given.waitFor ==~ /power|tools|ip|port:\d{1,5}/:
        "--wait-for: must be power, tools, ip or port:NUMBER but was '$given.waitFor'"
def folder = given.folder.endsWith('/') ? given.folder : given.folder + '/'

def answers = { address, port ->
    try (def socket = new Socket()) {
        socket.connect(new InetSocketAddress(address, port), 2000)
        true
    } catch (IOException ignored) {
        false
    }
}
def isUp = { vm ->
    switch (given.waitFor) {
        case 'power': return vm.powerState == 'poweredOn'
        case 'tools': return vm.guest.toolsRunning
        case 'ip': return vm.guest.ipAddress
        default: return vm.guest.ipAddress && answers(vm.guest.ipAddress, given.waitFor.substring(5) as int)
    }
}
def hint = given.waitFor == 'power' ? ''
        : '; VMware Tools tell it, from inside the guest: have them installed there, raise --patience, or use --wait-for power'
def test = { vm ->
    def end = System.nanoTime() + given.patience.toNanos()
    while (!isUp(vm)) {
        assert System.nanoTime() < end: "$given.waitFor: must be there within ${given.patience.toSeconds()} s but was not$hint"
        sleep 1000
    }
    if (given.check) {
        def check = new ProcessBuilder('sh', '-c', given.check).redirectErrorStream(true)
        check.environment() << [VM_NAME: vm.name, VM_ID: vm.id, VM_IP: vm.guest.ipAddress ?: '']
        def process = check.start()
        def said = process.text.strip()
        assert process.waitFor() == 0: "--check: must end with status 0 but ended with ${process.exitValue()}: $said"
    }
}

def latest = backups.findAll { it.location.startsWith(folder) }.groupBy { it.vmName }
        .collect { name, points -> points.max { it.time } }.sort { it.vmName }
assert latest: "--folder $given.folder: there must be a backup but there is none"
def results = latest.collect { point ->
    def begun = System.nanoTime()
    def problem = null
    def wanted = [name: "restore-test-$point.vmName".toString(), datastore: given.datastore, network: given.network]
    if (given.into) {
        wanted.folder = given.into
    }
    try {
        def vm = point.run(wanted)
        try {
            test vm
        } finally {
            vm.discard()
        }
    } catch (Exception | AssertionError e) {
        problem = e.message.readLines().first().split(/\. Expression: /).first()
    }
    def seconds = (System.nanoTime() - begun) / 1e9
    println "$point.vmName: ${problem ?: 'restored'}"
    [vm: point.vmName, time: point.time, location: point.location, problem: problem, seconds: String.format('%.1f', seconds)]
}

def failures = results.count { it.problem }
if (given.junit) {
    new File(given.junit).withWriter('UTF-8') { out ->
        new MarkupBuilder(out).testsuite(name: 'restore-test', tests: results.size(), failures: failures) {
            results.each { result ->
                testcase(classname: given.folder, name: result.vm, time: result.seconds) {
                    if (result.problem) {
                        failure(message: result.problem)
                    }
                }
            }
        }
    }
}
if (given.html) {
    new File(given.html).withWriter('UTF-8') { out ->
        out.println '<!DOCTYPE html>'
        new MarkupBuilder(out).html(lang: 'en') {
            head {
                meta(charset: 'utf-8')
                title 'Restore test'
                style 'body { font: 1rem sans-serif } td, th { text-align: left; padding: .2em 1em } .bad { color: #b00020 }'
            }
            body {
                h1 'Restore test'
                p "${results.size() - failures} of ${results.size()} VMs were restored."
                table {
                    thead { tr { ['VM', 'Backup of', 'Result', 'Seconds', 'Backup'].each { th(it) } } }
                    tbody {
                        results.each { result ->
                            tr {
                                td result.vm
                                td result.time
                                td(class: result.problem ? 'bad' : 'good', result.problem ?: 'restored')
                                td result.seconds
                                td result.location
                            }
                        }
                    }
                }
            }
        }
    }
}
assert failures == 0: "$failures of ${results.size()} VMs were not restored"
