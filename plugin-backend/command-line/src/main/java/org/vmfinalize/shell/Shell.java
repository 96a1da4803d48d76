package org.vmfinalize.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.groovy.groovysh.jline.GroovyCommands;
import org.apache.groovy.groovysh.jline.GroovyConsoleEngine;
import org.apache.groovy.groovysh.jline.GroovyEngine;
import org.apache.groovy.groovysh.jline.GroovySystemRegistry;
import org.jline.builtins.ConfigurationPath;
import org.jline.builtins.SyntaxHighlighter;
import org.jline.console.impl.DefaultPrinter;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.vmfinalize.client.Api;
import org.vmfinalize.console.Language;

/// The console: the engine and commands of groovysh with our words, completion, tables and errors of one line.
///
/// Groovysh's own completion is not used: to know what a call answers it would make the call.
///
/// **Threads:** one; Ctrl-C interrupts what is being evaluated.
public final class Shell implements AutoCloseable {

    private static final String PROMPT = "groovy> ";
    /// It remarks on the colours of groovysh's own files.
    private static final Logger LINE_EDITOR = Logger.getLogger("org.jline");

    private final Terminal terminal;
    private final GroovyEngine engine = new GroovyEngine();
    private final LineReader reader;
    private final GroovySystemRegistry registry;
    private final Answers answers;

    private Shell(Api api, boolean debug) throws IOException {
        LINE_EDITOR.setLevel(Level.OFF);
        Language.of(api).forEach(engine::put);
        // What is declared by 'def' is there in the next line, too.
        engine.put("GROOVYSH_OPTIONS", Map.of("interpreterMode", true));
        terminal = TerminalBuilder.builder().name("vm-finalize").build();
        answers = new Answers(terminal, debug);
        var parser = new LineParser();
        var folder = stateFolder();
        var files = new ConfigurationPath(folder, folder);
        reader = LineReaderBuilder.builder().appName("vm-finalize").terminal(terminal).parser(parser)
                .completer(new Completion(new ServerNames(api), engine::get))
                .variable(LineReader.HISTORY_FILE, folder.resolve("console-history"))
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%P > ")
                .option(Option.DISABLE_EVENT_EXPANSION, true).build();
        var printer = new DefaultPrinter(engine, files);
        var nowhere = Path.of("").toAbsolutePath();
        registry = new GroovySystemRegistry(parser, terminal, () -> nowhere, files);
        registry.setCommandRegistries(
                new GroovyConsoleEngine(engine, printer, () -> nowhere, files, reader),
                new GroovyCommands(engine, () -> nowhere, printer,
                        SyntaxHighlighter.build("classpath:/nanorc/groovy.nanorc")));
        registry.renameLocal("exit", "/exit");
        registry.renameLocal("help", "/help");
    }

    /// Reads and evaluates until the user has enough.
    ///
    /// @param debug whether errors come with where they come from
    public static void run(Api api, String session, boolean debug) throws IOException {
        try (var shell = new Shell(api, debug)) {
            shell.answers.greet(session);
            shell.readAll();
        }
    }

    private void readAll() {
        var me = Thread.currentThread();
        terminal.handle(Signal.INT, _ -> me.interrupt());
        while (true) {
            try {
                var line = reader.readLine(PROMPT).strip();
                if (line.equals("exit") || line.equals("quit")) {
                    return;
                }
                evaluate(line);
            } catch (UserInterruptException _) {
                // The line is given up; the next one is read.
            } catch (EndOfFileException _) {
                return;
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // Groovy's code throws whatever it likes.
    private void evaluate(String line) {
        try {
            registry.cleanUp();
            answers.show(registry.execute(line));
        } catch (EndOfFileException e) {
            throw e;
        } catch (Exception | AssertionError | StackOverflowError | ExceptionInInitializerError e) {
            answers.complain(e);
        } finally {
            // What was interrupted is over; the next line must not be.
            var _ = Thread.interrupted();
        }
    }

    /// `$XDG_STATE_HOME/vm-finalize`, by the XDG base directory specification: only its owner may read what was typed.
    private static Path stateFolder() throws IOException {
        var configured = Objects.requireNonNullElse(System.getenv("XDG_STATE_HOME"), "");
        var base = configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(configured);
        var folder = base.resolve("vm-finalize");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(base);
            Files.createDirectory(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return folder;
    }

    @Override
    public void close() throws IOException {
        registry.close();
        terminal.close();
    }
}
