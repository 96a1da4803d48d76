// Makes all VMs permanent that depend on one backup repository, before it is taken down for maintenance.
//
//   scripts/vm-finalize run-script scripts/examples/evacuate-repository.groovy --repository /backups/nas-1
//
//   --repository LOCATION   how the locations of its backups begin, such as a folder or an address
//   --limit RATE            for each VM, such as '100 MB/s'; default none
//   --only-show             tell what would be done, and do nothing
//
// Ends with status 0 only if nothing depends on the repository any more.
import org.vmfinalize.units.Bytes

def given = options(repository: required, limit: '0', onlyShow: false)
Bytes.parsePerSecond(given.limit)
def repository = given.repository.endsWith('/') ? given.repository : given.repository + '/'
def dependents = { vms.runningFromBackup.findAll { it.backup.startsWith(repository) } }

def found = dependents()
println "${found.size()} VMs depend on $given.repository, with ${Bytes.text(found.sum(0L) { it.bytesInBackup })} still there"
found.each { println "  $it.name: ${Bytes.text(it.bytesInBackup)} in $it.backup" }
if (given.onlyShow) {
    return
}

def begun = found.collect { vm ->
    vm.finalization ? finalizations.find { it.id == vm.finalization } : vm.makePermanent(limit: given.limit)
}
begun.each { job ->
    job.awaitEnd()
    println job
}
def left = dependents()
assert !left: "$given.repository: must not be taken down, since ${left*.name.join(', ')} still run from it"
println "$given.repository can be taken down"
