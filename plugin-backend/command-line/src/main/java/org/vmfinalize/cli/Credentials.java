package org.vmfinalize.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.terminal.Prompt;

/// Who logs in: from the environment, a file, or a prompt, and never from the command line, which others can see.
///
/// @param environment of this process
record Credentials(Map<String, String> environment) {

    static final String USER = "VMFINALIZE_USER";
    static final String PASSWORD = "VMFINALIZE_PASSWORD";
    static final String PASSWORD_FILE = "VMFINALIZE_PASSWORD_FILE";

    String userName(@Nullable String option) {
        if (option != null) {
            return option;
        }
        var known = environment.get(USER);
        return known != null
                ? known
                : Prompt.line("vCenter user: ").orElseThrow(() -> missing("user", USER + " or --user"));
    }

    String password() throws IOException {
        var file = environment.get(PASSWORD_FILE);
        if (file != null) {
            return SecretFile.firstLine(Path.of(file));
        }
        var known = environment.get(PASSWORD);
        return known != null
                ? known
                : Prompt.secret("password: ")
                        .orElseThrow(() -> missing("password", PASSWORD_FILE + " or " + PASSWORD));
    }

    private static CommandException missing(String what, String remedy) {
        return new CommandException(ExitStatus.USAGE,
                "%s: none is given, and there is no terminal to ask for it; set %s".formatted(what, remedy));
    }
}
