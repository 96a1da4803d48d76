package org.vmfinalize.console;

/// The word `help`: what can be said in the console.
public final class Help {

    private static final String TEXT = """
            vms                                     the VMs that run from backups
              .runningFromBackup                    all of them, as a list:  .each { it.makePermanent() }
              .named('web-01')                      one of them, as vm('web-01')
            vm('web-01')                            one of them, by its name or id
              .makePermanent(name: 'web-01-prod', provisioning: 'thin', limit: '200 MB/s', verify: true,
                             moveTo: 'san-02')
                                                    begins a finalization and answers it
              .discard(keepChanges: 'web-01')       throws it away
              .plan(provisioning: 'thick')          what making it permanent would need, and what speaks against it
              .name  .id  .powerState  .datastore  .backup  .sizeBytes  .bytesInBackup  .finalization
              .guest.ipAddress  .guest.hostName  .guest.toolsRunning      what VMware Tools tell
              .tags                                 vSphere's:  .tags.find { it.category == 'Priority' }?.name
            backups                                 what VMs can be run from
              .of('db-01').latest                   the newest of a VM;  .all  every one of them
              .run(name: 'db-01-test', host: 'esx-02', network: 'disconnected') { println it.guest.ipAddress }
                                                    runs it; with a closure, as soon as VMware Tools tell an address
              .id  .vmName  .time  .format  .place  .location
            finalizations                           the jobs, those that are over, too
              .running                              those under way
              .of('web-01')                         the latest of a VM, as finalization('web-01')
            finalization('web-01')                  one of them, by the VM's name or the id
              .onProgress { println it }.await()    tells its progress and waits; awaitEnd() however it ends
              .limit = '50 MB/s'                    while it runs;  .latencyGoal = '20 ms'  .priority = 'low'
              .pause()  .resume()  .resumeIfPaused()  .cancel()
              .id  .vm  .state  .percent  .over  .reason  .notMoved  .receipt
            discards                                what was, or is being, thrown away
              .running                              those that have not come to their end
              .of('web-01').withdraw()              the VM stays, powered off
              .id  .vm  .state  .keptFiles
            help                                    this

            Rates, sizes and times are written as '200 MB/s', '4 GiB' and '2 h'. Ctrl-C lets go of a job that is waited
            for, which goes on.  /help  tells of the console itself.""";

    /// The text.
    @Override
    public String toString() {
        return TEXT;
    }
}
