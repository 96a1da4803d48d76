package org.vmfinalize.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.DocTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.tools.ToolProvider;
import jdk.javadoc.doclet.Doclet;
import jdk.javadoc.doclet.DocletEnvironment;
import jdk.javadoc.doclet.Reporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every word of the language is documented, by the help and for whoever reads its API.
class DocumentedLanguageTest {

    private static final Path SOURCES = Path.of("src/main/java/org/vmfinalize/console");
    private static final Set<String> OF_JAVA = Set.of("equals", "hashCode", "toString", "iterator");
    private static final Set<Class<?>> TYPES = Set.of(Vms.class, Vm.class, Guest.class, Tag.class,
            Backups.class, BackupsOfVm.class, RestorePoint.class, Jobs.class, Job.class, Discards.class,
            Discarded.class);

    @Test
    void everyPublicTypeAndMethodHasDocumentation() throws IOException {
        var tool = ToolProvider.getSystemDocumentationTool();
        try (var files = tool.getStandardFileManager(null, null, null); var sources = Files.list(SOURCES)) {
            var units = files.getJavaFileObjectsFromPaths(
                    sources.filter(path -> path.toString().endsWith(".java")).toList());
            var options = List.of("-classpath", System.getProperty("java.class.path"), "-public",
                    "--release", Integer.toString(Runtime.version().feature()), "--source-path",
                    "src/main/java");
            Undocumented.SEEN.clear();
            assertThat(tool.getTask(null, files, null, Undocumented.class, options, units).call()).isTrue();
        }
        assertThat(Undocumented.SEEN).contains("Vm.makePermanent documented")
                .noneMatch(each -> each.endsWith("undocumented"));
    }

    @ParameterizedTest
    @MethodSource("words")
    void theHelpNamesEveryVerbAndProperty(String word) {
        assertThat(new Help().toString()).containsPattern("\\b" + word + "\\b");
    }

    static Stream<String> words() {
        return TYPES.stream().flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers())
                        && !java.lang.reflect.Modifier.isStatic(method.getModifiers())
                        && !method.isSynthetic() && !OF_JAVA.contains(method.getName()))
                .map(method -> method.getName().replaceFirst("^(get|is|set)(?=[A-Z])", ""))
                .map(name -> name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1)).distinct();
    }

    /// Tells of each public element whether it has documentation.
    public static final class Undocumented implements Doclet {

        static final List<String> SEEN = new ArrayList<>();

        @Override
        public void init(Locale locale, Reporter reporter) {
            // Nothing has to be prepared.
        }

        @Override
        public String getName() {
            return "undocumented";
        }

        @Override
        public Set<? extends Option> getSupportedOptions() {
            return Set.of();
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latest();
        }

        @Override
        public boolean run(DocletEnvironment environment) {
            for (var element : environment.getIncludedElements()) {
                if (element instanceof TypeElement type && isPublic(type)) {
                    tell(environment.getDocTrees(), type, type.getSimpleName().toString());
                    type.getEnclosedElements().stream().filter(member -> isToBeDocumented(type, member))
                            .forEach(member -> tell(environment.getDocTrees(), member,
                                    type.getSimpleName() + "." + member.getSimpleName()));
                }
            }
            return true;
        }

        private static void tell(DocTrees trees, Element element, String name) {
            SEEN.add(name + (trees.getDocCommentTree(element) == null ? " undocumented" : " documented"));
        }

        /// A record's own methods are documented by its parameters.
        private static boolean isToBeDocumented(TypeElement type, Element member) {
            boolean isAccessor = type.getKind() == ElementKind.RECORD
                    && type.getEnclosedElements().stream()
                            .anyMatch(other -> other.getKind() == ElementKind.RECORD_COMPONENT
                                    && other.getSimpleName().equals(member.getSimpleName()));
            return isPublic(member) && member.getKind() == ElementKind.METHOD && !isAccessor
                    && !Set.of("equals", "hashCode", "toString").contains(member.getSimpleName().toString());
        }

        private static boolean isPublic(Element element) {
            return element.getModifiers().contains(Modifier.PUBLIC);
        }
    }
}
