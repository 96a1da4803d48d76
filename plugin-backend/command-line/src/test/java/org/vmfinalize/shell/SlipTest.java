package org.vmfinalize.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.Connection;
import org.vmfinalize.console.Language;
import org.vmfinalize.trust.ServerTrust;

class SlipTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            vmz.size()             | vmz: there is no such word; did you mean vm
            vmm('web-01')          | vmm: there is no such word; did you mean vm
            nothing                | nothing: there is no such word; there are backups, discards,
            vms.runingFromBackup   | runingFromBackup: Vms has none; did you mean runningFromBackup?
            backups.off('web-01')  | off: Backups has none; did you mean of?
            """)
    void aTypingErrorIsToldWithWhatMayHaveBeenMeant(String line, String told) {
        try (var api = new Api(new Connection(URI.create("https://127.0.0.1:1"),
                new ServerTrust(Optional.empty(), Optional.empty()), ""))) {
            var failure = catchThrowable(() -> new GroovyShell(new Binding(Language.of(api))).evaluate(line));

            assertThat(Slip.told(failure)).hasValueSatisfying(text -> assertThat(text).startsWith(told));
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            'text'.lenght()
            assert 1 == 2
            backups.of(1, 2)
            """)
    void whatIsNotTheLanguagesIsLeftToGroovy(String line) {
        try (var api = new Api(new Connection(URI.create("https://127.0.0.1:1"),
                new ServerTrust(Optional.empty(), Optional.empty()), ""))) {
            var failure = catchThrowable(() -> new GroovyShell(new Binding(Language.of(api))).evaluate(line));

            assertThat(failure).isNotNull();
            assertThat(Slip.told(failure)).isEmpty();
        }
    }
}
