// Makes VMs permanent by their vSphere tags, the most important first, a few at a time.
//
//   scripts/vm-finalize run-script scripts/examples/finalize-by-priority.groovy --category Priority
//
//   --category NAME   whose tags say the priority: their names are numbers, the lowest first; default Priority
//   --list FILE       goes by a list instead: a line for each VM or group with a priority and a pattern such as 'db-*';
//                     a line that begins with # says nothing
//   --at-once NUMBER  how many at the same time; default 2
//   --limit RATE      for each, such as '100 MB/s'; default none
//   --others          those without a priority, too, as the last
import org.vmfinalize.units.Bytes

def given = options(category: 'Priority', list: null, atOnce: 2, limit: '0', others: false)
Bytes.parsePerSecond(given.limit)
assert given.atOnce > 0: '--at-once: must be at least 1'

def byTag = { vm ->
    def name = vm.tags.find { it.category == given.category }?.name
    assert name == null || name.integer: "$vm.name: its tag $given.category must be a number but is '$name'"
    name as Integer
}
def byList = { vm -> null }
if (given.list) {
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
    byList = { vm -> rules.findAll { vm.name ==~ it.name }*.priority.min() }
}
def priorities = vms.runningFromBackup.collectEntries { vm ->
    def priority = given.list ? byList(vm) : byTag(vm)
    [vm.id, priority == null && given.others ? Integer.MAX_VALUE : priority]
}
def priorityOf = { vm -> priorities[vm.id] }

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
