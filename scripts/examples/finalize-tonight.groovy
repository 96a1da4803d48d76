// Makes all VMs that run from backups permanent: at full speed at night, within a limit by day.
//
//   scripts/vm-finalize run-script scripts/examples/finalize-tonight.groovy --day-limit '50 MB/s'
//
//   --from TIME          when the night begins, and with it the work; default 22:00
//   --until TIME         when it ends; what is not done by then goes on within the day's limit; default 06:00
//   --day-limit RATE     by day, such as '50 MB/s'; 'pause' pauses until the next night; default pause
//   --night-limit RATE   by night; default 0, no limit
//   --vms PATTERN        those whose name fits this regular expression; default all
//   --now                begin at once, within the day's limit if it is day
//
// Ends with status 1 if a finalization failed; the others go on.
import java.time.LocalTime
import org.vmfinalize.units.Bytes

def given = options(from: LocalTime.of(22, 0), until: LocalTime.of(6, 0), dayLimit: 'pause', nightLimit: '0', vms: '.*',
        now: false)
for (rate in [given.dayLimit, given.nightLimit] - 'pause') {
    Bytes.parsePerSecond(rate)
}

def isNight = {
    def now = LocalTime.now()
    given.from < given.until ? now >= given.from && now < given.until : now >= given.from || now < given.until
}
def setPace = { job, night ->
    if (!night && given.dayLimit == 'pause') {
        job.pause()
    } else {
        job.limit = night ? given.nightLimit : given.dayLimit
        job.resumeIfPaused()
    }
}

if (!given.now && !isNight()) {
    println "waiting for the night, which begins at $given.from"
    while (!isNight()) {
        sleep 500
    }
}

def night = isNight()
def jobs = vms.runningFromBackup.findAll { it.name ==~ given.vms && !it.finalization }.collect { vm ->
    def limit = night ? given.nightLimit : given.dayLimit == 'pause' ? '1 MB/s' : given.dayLimit
    vm.makePermanent(limit: limit)
}
jobs.each { println "$it.vm: begun" }
if (!night) {
    jobs.each { setPace it, false }
}
while (jobs.any { !it.over }) {
    if (isNight() != night) {
        night = !night
        println night ? 'night: no pause, limit ' + given.nightLimit : 'day: ' + given.dayLimit
        jobs.findAll { !it.over }.each { setPace it, night }
    }
    sleep 500
}
jobs.each { println it }
def failed = jobs.findAll { it.state != 'completed' }
assert !failed: "not made permanent: ${failed*.vm.join(', ')}"
