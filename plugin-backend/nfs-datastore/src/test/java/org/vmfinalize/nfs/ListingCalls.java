package org.vmfinalize.nfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.nfs.Nfs3Results.Attributes;
import org.vmfinalize.nfs.Nfs3Results.Entry;
import org.vmfinalize.nfs.Nfs3Results.Page;

/// READDIR and READDIRPLUS.
interface ListingCalls extends Nfs3Calls {

    default Page readdir(byte[] directory, long cookie, int count) throws IOException {
        return page(16, directory, cookie, count, false);
    }

    default Page readdirplus(byte[] directory, long cookie, int count) throws IOException {
        return page(17, directory, cookie, count, true);
    }

    private Page page(int procedure, byte[] directory, long cookie, int count, boolean plus)
            throws IOException {
        return nfs(procedure, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeLong(cookie);
            out.xdrEncodeLong(0);
            out.xdrEncodeInt(count);
            if (plus) {
                out.xdrEncodeInt(count);
            }
        }, in -> {
            int status = in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            List<Entry> entries = new ArrayList<>();
            if (status != 0) {
                return new Page(status, entries, false);
            }
            in.xdrDecodeLong();
            while (in.xdrDecodeBoolean()) {
                long fileid = in.xdrDecodeLong();
                String name = in.xdrDecodeString();
                long next = in.xdrDecodeLong();
                entries.add(
                        new Entry(name, fileid, next, plus ? Attributes.decodePostOp(in) : Optional.empty(),
                                plus && in.xdrDecodeBoolean() ? in.xdrDecodeDynamicOpaque() : new byte[0]));
            }
            return new Page(status, entries, in.xdrDecodeBoolean());
        });
    }

    /// All names, page by page.
    default List<String> names(byte[] directory, int pageBytes) throws IOException {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        Page page;
        do {
            page = readdirplus(directory, cookie, pageBytes);
            if (page.status() != 0) {
                throw new IOException("READDIRPLUS: status " + page.status());
            }
            for (Entry entry : page.entries()) {
                names.add(entry.name());
                cookie = entry.cookie();
            }
        } while (!page.eof());
        return names;
    }
}
