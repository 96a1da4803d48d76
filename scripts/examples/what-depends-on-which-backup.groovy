// Reports which VMs still depend on which backup, and on how much of it.
//
//   scripts/vm-finalize run-script scripts/examples/what-depends-on-which-backup.groovy --format csv > held.csv
//
//   --format FORMAT   text, csv or json; default text
//   --place NAME      only backups in this place; default all
//
// A backup in the report must be kept; one that is not there is needed by no VM of this server.
import groovy.json.JsonOutput
import org.vmfinalize.units.Bytes

def given = options(format: 'text', place: null)
assert given.format in ['text', 'csv', 'json']: "--format: must be text, csv or json but was '$given.format'"

def points = backups.collectEntries { [it.location, it] }
def rows = vms.runningFromBackup.collect { vm ->
    def point = points[vm.backup]
    [backup: vm.backup, place: point?.place ?: '', takenAt: point?.time ?: '', vm: vm.name, id: vm.id,
     bytesInBackup: vm.bytesInBackup, finalization: vm.finalization ?: '']
}.findAll { given.place == null || it.place == given.place }.sort { [it.backup, it.vm].toString() }

def quoted = { value -> '"' + value.toString().replace('"', '""') + '"' }
switch (given.format) {
    case 'json':
        println JsonOutput.prettyPrint(JsonOutput.toJson(rows))
        break
    case 'csv':
        println 'backup,place,takenAt,vm,id,bytesInBackup,finalization'
        rows.each { println it.values().collect(quoted).join(',') }
        break
    default:
        rows.groupBy { it.backup }.each { backup, dependents ->
            println "$backup${dependents[0].takenAt ? ' of ' + dependents[0].takenAt : ''}"
            dependents.each {
                println "  $it.vm ($it.id): ${Bytes.text(it.bytesInBackup)} still there" +
                        (it.finalization ? ", being finalized ($it.finalization)" : '')
            }
        }
        println rows ? "${rows*.backup.unique().size()} backups are held by ${rows.size()} VMs" : 'no backup is held'
}
