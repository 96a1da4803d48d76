package org.vmfinalize.places.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.vmfinalize.places.Listing;

/// The page on which a web server links to the files of a folder.
final class IndexPage {

    private static final Pattern LINK = Pattern.compile("href\\s*=\\s*[\"']([^\"'?#]{1,1000})[\"']",
            Pattern.CASE_INSENSITIVE);

    private IndexPage() {}

    /// The files that lie in the folder itself; links to elsewhere do not count.
    static Listing listing(Address folder, ByteBuffer html, int most) {
        var found = new TreeMap<String, Listing.Item>();
        var links = LINK.matcher(UTF_8.decode(html));
        while (links.find()) {
            String name = decoded(links.group(1));
            if (name.startsWith("./")) {
                name = name.substring(2);
            }
            if (name.isEmpty() || name.contains("/") || name.contains(":") || name.equals("..")
                    || name.equals(".")) {
                continue;
            }
            String location = folder.withPath(folder.path() + name).toString();
            found.put(location, new Listing.Item(location, name, OptionalLong.empty(), Optional.empty()));
        }
        boolean complete = found.size() <= most;
        return new Listing(found.values().stream().limit(most).toList(), complete);
    }

    private static String decoded(String link) {
        try {
            return URLDecoder.decode(link.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException _) {
            return ""; // no link that could be followed
        }
    }
}
