package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.chain.Chain;
import org.vmfinalize.formats.chain.ChainFiles;
import org.vmfinalize.formats.chain.Source;

/// Opens an image, its extents, and the images below it.
final class ImageOpener {

    private final ChainFiles files;
    private final ExtentOpener extents;

    ImageOpener(ChainFiles files) {
        this.files = files;
        this.extents = new ExtentOpener(files);
    }

    /// @throws NotAnImageException if `top` is neither a descriptor nor a file with one in it
    Chain open(BackupFile top) throws IOException {
        var layers = new ArrayList<VmdkLayer>();
        BackupFile file = top;
        Descriptor descriptor = add(file, layers);
        while (descriptor.parent().isPresent()) {
            Descriptor.Parent parent = descriptor.parent().get();
            BackupFile below = files.openBelow(file, beside(parent.hint()),
                    "VMDK descriptor: the file of parentFileNameHint");
            descriptor = addBelow(file, below, layers);
            checkContent(file, parent, below, descriptor);
            file = below;
        }
        return new Chain(layers, Source.plain(top, 0, SparseHeader.SECTOR), files::pagesRead);
    }

    private Descriptor addBelow(BackupFile child, BackupFile file, List<VmdkLayer> layers)
            throws IOException {
        try {
            return add(file, layers);
        } catch (NotAnImageException e) {
            // The backup is an image, only one that lacks a sound part.
            throw new FormatException(
                    "%s; it is the parent of %s".formatted(e.getMessage(), child.location()), e);
        }
    }

    private Descriptor add(BackupFile file, List<VmdkLayer> layers) throws IOException {
        int number = files.lastNumber();
        var head = ByteBuffer.allocate((int) Math.min(Descriptor.MAX_BYTES, file.size()));
        if (head.limit() >= SparseHeader.SECTOR && SparseHeader.isAtStartOf(SparseHeader.sector(file, 0))) {
            return addWithDescriptorInside(file, number, layers);
        }
        file.read(head.limit(Math.min(head.limit(), SparseHeader.SECTOR)), 0);
        if (!Descriptor.isAtStartOf(head.flip())) {
            throw new NotAnImageException("%s: must begin with a VMDK header or with '%s' but does not"
                    .formatted(file.location(), Descriptor.FIRST_LINE));
        }
        if (file.size() > Descriptor.MAX_BYTES) {
            throw new FormatException("%s: VMDK descriptor: must have at most %d bytes but has %d"
                    .formatted(file.location(), Descriptor.MAX_BYTES, file.size()));
        }
        file.read(head.clear(), 0);
        Descriptor descriptor = Descriptor.parse(file.location(), head.flip());
        layers.add(new VmdkLayer(extents.open(file, number, descriptor.extents())));
        return descriptor;
    }

    /// The header says what the disk is; extent lines of a descriptor inside only must not contradict it.
    private Descriptor addWithDescriptorInside(BackupFile file, int number, List<VmdkLayer> layers)
            throws IOException {
        SparseHeader header = SparseHeader.read(file);
        if (header.descriptor() == 0) {
            throw new NotAnImageException(
                    "%s: VMDK header: descriptorOffset must not be 0 but is: the file is one extent of a disk; open %s"
                            .formatted(file.location(), "the disk's descriptor"));
        }
        var text = ByteBuffer.allocate(header.descriptorBytes()).order(ByteOrder.LITTLE_ENDIAN);
        file.read(text, header.descriptor());
        Descriptor descriptor = Descriptor.parse(file.location(), text.flip());
        long described = descriptor.extents().stream().mapToLong(ExtentLine::bytes).sum();
        if (described != header.capacity()) {
            throw new FormatException(
                    "%s: VMDK header: capacity must be that of the descriptor, %d bytes, but was %d"
                            .formatted(file.location(), described, header.capacity()));
        }
        layers.add(new VmdkLayer(List.of(extents.sparse(file, number, 0, header))));
        return descriptor;
    }

    /// The path of a parent as one that can be found next to its child: of an absolute one, such as one of the datastore
    /// that the disk came from, the last part.
    private static String beside(String hint) {
        boolean absolute = hint.startsWith("/") || hint.startsWith("\\") || hint.matches("[A-Za-z]:.*");
        return absolute ? hint.substring(Math.max(hint.lastIndexOf('/'), hint.lastIndexOf('\\')) + 1) : hint;
    }

    private static void checkContent(BackupFile child, Descriptor.Parent parent, BackupFile file,
            Descriptor descriptor) throws FormatException {
        if (!parent.cid().equals(descriptor.cid())) {
            throw new FormatException(
                    "%s: VMDK descriptor: parentCID must be the CID of %s, %s, but was %s: the parent was changed"
                            .formatted(child.location(), file.location(),
                                    Optional.of(descriptor.cid()).filter(id -> !id.isEmpty()).orElse("none"),
                                    parent.cid()));
        }
    }
}
