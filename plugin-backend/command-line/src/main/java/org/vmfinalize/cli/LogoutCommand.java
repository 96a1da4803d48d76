package org.vmfinalize.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.ApiException;
import picocli.CommandLine.Command;

@Command(name = "logout", description = "End the session, and forget it.", footer = {"", "Example:",
        "  vm-finalize logout"})
final class LogoutCommand implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        var session = StoredSession.read();
        if (session.isEmpty()) {
            System.out.println("there is no session");
            return ExitStatus.DONE.number();
        }
        try (var api = new Api(session.get().connection())) {
            api.logOut();
        } catch (ApiException e) {
            if (e.status() != 401) {
                throw e;
            }
        } finally {
            StoredSession.delete();
        }
        System.out.println("logged out " + session.get());
        return ExitStatus.DONE.number();
    }
}
