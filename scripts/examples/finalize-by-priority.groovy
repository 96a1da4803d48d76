// Makes VMs permanent in the order of a list, the most important first, a few at a time.
//
//   scripts/vm-finalize run-script scripts/examples/finalize-by-priority.groovy --list priorities.txt
//
//   --list FILE       a line for each VM or group: a priority, the lowest number first, and a pattern such as 'db-*';
//                     a line that begins with # says nothing
//   --at-once NUMBER  how many at the same time; default 2
//   --limit RATE      for each, such as '100 MB/s'; default none
//   --others          those that the list does not name, too, as the last
//
// vSphere's tags are no part of the vm-finalize API. To go by tags, write the list with PowerCLI:
//   Get-VM | Get-TagAssignment -Category Priority | % { "$($_.Tag.Name) $($_.Entity.Name)" } > priorities.txt
import org.vmfinalize.units.Bytes

def given = options(list: required, atOnce: 2, limit: '0', others: false)
Bytes.parsePerSecond(given.limit)
assert given.atOnce > 0: '--at-once: must be at least 1'
def file = new File(given.list)
assert file.canRead(): "--list $file: must be a file that can be read but is not"

def rules = []
file.eachLine { text, number ->
    if (text.strip() && !text.startsWith('#')) {
        def parts = text.strip().split(/\s+/, 2)
        assert parts.size() == 2 && parts[0].integer:
                "$file:$number: must be a priority and a name, such as '1 db-*', but is '$text'"
        rules << [priority: parts[0] as int, name: java.util.regex.Pattern.compile(
                parts[1].split(/\*/, -1).collect { java.util.regex.Pattern.quote(it) }.join('.*'))]
    }
}
def priorityOf = { vm ->
    def fitting = rules.findAll { vm.name ==~ it.name }*.priority
    fitting ? fitting.min() : given.others ? Integer.MAX_VALUE : null
}

def waiting = vms.runningFromBackup.findAll { priorityOf(it) != null && !it.finalization }
        .sort { a, b -> priorityOf(a) <=> priorityOf(b) ?: a.name <=> b.name }
def running = []
def over = []
while (waiting || running) {
    while (waiting && running.size() < given.atOnce) {
        def vm = waiting.removeFirst()
        println "$vm.name: begins"
        running << vm.makePermanent(limit: given.limit)
    }
    def ended = running.findAll { it.over }
    ended.each { println it }
    running -= ended
    over += ended
    if (running) {
        sleep 200
    }
}
def failed = over.findAll { it.state != 'completed' }
assert !failed: "not made permanent: ${failed*.vm.join(', ')}"
println "${over.size()} VMs were made permanent"
