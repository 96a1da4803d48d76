package org.vmfinalize.vcenter.automation;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Tag;
import org.vmfinalize.vcenter.Tagging;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.soap.Limits;
import tools.jackson.databind.JsonNode;

/// Tags by `/api/cis/tagging`, of vCenter 7.0 U2 and later.
///
/// **Threads:** any number.
public final class AutomationTagging implements Tagging {

    private static final String ATTACHED = "/api/cis/tagging/tag-association?action=list-attached-tags-on-objects";
    private static final String TAG = "/api/cis/tagging/tag/";
    private static final String CATEGORY = "/api/cis/tagging/category/";
    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final Comparator<Tag> ORDER = Comparator.comparing(Tag::category)
            .thenComparing(Tag::name);

    private final AutomationSession session;
    private final Map<String, Known<Optional<Tag>>> tags = new ConcurrentHashMap<>();
    private final Map<String, Known<String>> categories = new ConcurrentHashMap<>();

    private record Known<T>(T value, long at) {}

    /// A client that has asked nothing yet.
    public AutomationTagging(VCenterAddress address, Limits limits, String userName, String password) {
        session = new AutomationSession(address, limits, userName, password);
    }

    @Override
    public Map<MoRef, List<Tag>> tags(Collection<MoRef> objects) {
        if (objects.isEmpty()) {
            return Map.of();
        }
        var ids = objects.stream().map(object -> Map.of("type", object.type(), "id", object.value()))
                .toList();
        var answer = session.post(ATTACHED, Map.of("object_ids", ids)).filter(JsonNode::isArray)
                .orElseThrow(() -> session
                        .unavailable("POST %s was answered without a list".formatted(ATTACHED), null));
        var found = new LinkedHashMap<MoRef, List<Tag>>();
        for (var one : answer) {
            var object = new MoRef(one.at("/object_id/type").asString(""),
                    one.at("/object_id/id").asString(""));
            found.put(object, one.path("tag_ids").valueStream().map(id -> id.asString(""))
                    .flatMap(id -> tag(id).stream()).sorted(ORDER).toList());
        }
        return found;
    }

    /// Empty if it was deleted meanwhile.
    private Optional<Tag> tag(String id) {
        return known(tags, id, () -> session.get(TAG + segment(id)).map(
                json -> new Tag(category(json.path("category_id").asString("")),
                        json.path("name").asString(""))));
    }

    private String category(String id) {
        return known(categories, id, () -> session.get(CATEGORY + segment(id))
                .map(json -> json.path("name").asString("")).orElse(""));
    }

    private static <T> T known(Map<String, Known<T>> all, String id, Supplier<T> question) {
        var known = all.get(id);
        if (known == null || System.nanoTime() - known.at > REMEMBERED.toNanos()) {
            known = new Known<>(question.get(), System.nanoTime());
            all.put(id, known);
        }
        return known.value;
    }

    private static String segment(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        session.close();
    }
}
