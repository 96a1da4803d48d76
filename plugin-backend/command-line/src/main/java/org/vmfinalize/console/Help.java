package org.vmfinalize.console;

/// The word `help`: what can be said in the console.
public final class Help {

    private static final String TEXT = """
            vms                                       the VMs that run from backups
            vm('web-01')                              one of them, by its name or id
              .makePermanent(name: 'web-01-prod', provisioning: 'thin', limit: '200 MB/s', verify: true,
                             moveTo: 'san-02')
                                                      begins a finalization and answers it
              .discard()                              throws it away
              .powerState  .guest.ipAddress  .bytesInBackup  .finalization
            backups                                   what VMs can be run from
              .of('db-01').latest.run(name: 'db-01-test', datastore: 'instant-1', network: 'disconnected')
            finalizations                             the jobs;  .running  those under way
              .onProgress { println it }.await()      waits for one
              .limit = '50 MB/s'  .pause()  .resume()  .cancel()

            Rates, sizes and times are written as '200 MB/s', '4 GiB' and '2 h'.  /help  tells of the console itself.""";

    @Override
    public String toString() {
        return TEXT;
    }
}
