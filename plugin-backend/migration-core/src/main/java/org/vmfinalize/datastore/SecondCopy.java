package org.vmfinalize.datastore;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Properties;
import org.vmfinalize.disk.DamagedStateException;
import org.vmfinalize.disk.Volume;

/// A second copy of the restore point that an instant VM runs from: the file `second-copy.properties` in its folder.
///
/// @param location where it is
/// @param fingerprint of the first copy, when the second was named
record SecondCopy(String location, Fingerprint fingerprint) {

    private static final String FILE = "second-copy.properties";
    private static final String VERSION = "1";
    private static final int MAX_BYTES = 8 << 20;

    /// Replaces what is stored in `folder`, in one step.
    void write(Volume volume, Path folder) throws IOException {
        var properties = new Properties();
        properties.setProperty("version", VERSION);
        properties.setProperty("location", location);
        properties.setProperty("format", fingerprint.format());
        properties.setProperty("disks", Integer.toString(fingerprint.disks().size()));
        for (int i = 0; i < fingerprint.disks().size(); i++) {
            var disk = fingerprint.disks().get(i);
            String prefix = "disk." + i + ".";
            properties.setProperty(prefix + "name", disk.name());
            properties.setProperty(prefix + "sizeBytes", Long.toString(disk.sizeBytes()));
            properties.setProperty(prefix + "samples", Integer.toString(disk.samples().size()));
            for (int j = 0; j < disk.samples().size(); j++) {
                var sample = disk.samples().get(j);
                properties.setProperty(prefix + "sample." + j,
                        "%d %d %s".formatted(sample.position(), sample.length(), sample.sha256()));
            }
        }
        var text = new StringWriter();
        properties.store(text, "A second copy of the backup of an instant VM of vm-finalize.");
        Path fresh = folder.resolve(FILE + ".new");
        volume.delete(fresh);
        try (var file = volume.create(fresh)) {
            file.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)), 0);
            file.force();
        }
        volume.rename(fresh, folder.resolve(FILE));
        volume.forceFolder(folder);
    }

    /// Reads what is stored in `folder`, if a second copy was named.
    ///
    /// @throws DamagedStateException if it is damaged
    static Optional<SecondCopy> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("it must have at most %d bytes".formatted(MAX_BYTES));
            }
            var properties = new Properties();
            properties.load(new StringReader(Files.readString(file)));
            return Optional.of(of(properties));
        } catch (IllegalArgumentException e) {
            throw new DamagedStateException(
                    "%s: %s; delete it, and name the second copy again".formatted(file, e.getMessage()), e);
        }
    }

    private static SecondCopy of(Properties properties) {
        if (!text(properties, "version").equals(VERSION)) {
            throw new IllegalArgumentException(
                    "version must be %s but was %s".formatted(VERSION, text(properties, "version")));
        }
        var disks = new ArrayList<Fingerprint.Disk>();
        for (int i = 0; i < Integer.parseInt(text(properties, "disks")); i++) {
            String prefix = "disk." + i + ".";
            var samples = new ArrayList<Fingerprint.Sample>();
            for (int j = 0; j < Integer.parseInt(text(properties, prefix + "samples")); j++) {
                String[] parts = text(properties, prefix + "sample." + j).split(" ", 3);
                if (parts.length != 3) {
                    throw new IllegalArgumentException(prefix + "sample." + j + " must have three parts");
                }
                samples.add(new Fingerprint.Sample(Long.parseLong(parts[0]), Integer.parseInt(parts[1]),
                        parts[2]));
            }
            disks.add(new Fingerprint.Disk(text(properties, prefix + "name"),
                    Long.parseLong(text(properties, prefix + "sizeBytes")), samples));
        }
        return new SecondCopy(text(properties, "location"),
                new Fingerprint(text(properties, "format"), disks));
    }

    private static String text(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException(key + " must be there but is missing");
        }
        return value;
    }
}
