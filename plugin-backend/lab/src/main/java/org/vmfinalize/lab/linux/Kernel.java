package org.vmfinalize.lab.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/// A Linux kernel of this machine's packages, whether this machine runs it or not.
///
/// @param image the kernel
/// @param modules the folder of its modules, with `modules.dep`
record Kernel(Path image, Path modules) {

    /// The Debian package with the smallest one that a QEMU guest can use.
    static final String DEBIAN_PACKAGE = "linux-image-cloud-amd64";

    private static final String PREFIX = "vmlinuz-";

    /// The newest kernel that this user may read.
    static Optional<Kernel> find() throws IOException {
        return find(Path.of("/boot"), Path.of("/lib/modules"));
    }

    static Optional<Kernel> find(Path boot, Path modules) throws IOException {
        if (!Files.isDirectory(boot)) {
            return Optional.empty();
        }
        try (var files = Files.list(boot)) {
            return files.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                    .filter(Files::isReadable)
                    .map(file -> new Kernel(file, modules.resolve(version(file))))
                    .filter(kernel -> Files.isReadable(kernel.modules.resolve("modules.dep")))
                    .max(Comparator.comparing(kernel -> version(kernel.image)));
        }
    }

    private static String version(Path image) {
        return image.getFileName().toString().substring(PREFIX.length());
    }

    /// The files of some modules and of all that they need, in the order in which they must be loaded. What is built into
    /// the kernel needs no file.
    ///
    /// @throws IOException if one of them is neither there nor built in
    SequencedSet<Path> filesOf(List<String> names) throws IOException {
        var dependencies = dependencies();
        var builtIn = Files.readAllLines(modules.resolve("modules.builtin"), StandardCharsets.UTF_8).stream()
                .map(Kernel::moduleName).collect(Collectors.toSet());
        var files = new LinkedHashSet<Path>();
        for (var name : names) {
            var file = dependencies.keySet().stream().filter(each -> moduleName(each).equals(name))
                    .findFirst();
            if (file.isPresent()) {
                add(files, file.get(), dependencies);
            } else if (!builtIn.contains(name)) {
                throw new IOException(
                        "%s: the kernel must have the module %s but has not; install Debian package %s"
                                .formatted(modules, name, DEBIAN_PACKAGE));
            }
        }
        return files;
    }

    private void add(SequencedSet<Path> files, String file, Map<String, List<String>> dependencies) {
        dependencies.getOrDefault(file, List.of()).forEach(needed -> add(files, needed, dependencies));
        files.add(modules.resolve(file));
    }

    /// By a module's file below the modules' folder, the files of all that it needs, as `depmod` found out.
    private Map<String, List<String>> dependencies() throws IOException {
        var dependencies = new HashMap<String, List<String>>();
        for (var line : Files.readAllLines(modules.resolve("modules.dep"), StandardCharsets.UTF_8)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                dependencies.put(line.substring(0, colon), Arrays.stream(line.substring(colon + 1).split(" "))
                        .filter(each -> !each.isEmpty()).toList());
            }
        }
        return dependencies;
    }

    private static String moduleName(String file) {
        var last = file.substring(file.lastIndexOf('/') + 1);
        int dot = last.indexOf(".ko");
        return (dot < 0 ? last : last.substring(0, dot)).replace('-', '_');
    }
}
