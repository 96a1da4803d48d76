package org.vmfinalize.server.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.vcenter.EventAlarm;
import org.vmfinalize.vcenter.Extension;

/// In what a registration is not as it should be.
///
/// @param what       the part, such as `version` or `texts de`
/// @param registered what vCenter has; empty if it has nothing
/// @param wanted     what it should have; empty if nothing
record Difference(String what, String registered, String wanted) {

    static List<Difference> between(Extension registered, Extension wanted) {
        var found = new ArrayList<Difference>();
        add(found, "version", registered.version(), wanted.version());
        add(found, "label", registered.label(), wanted.label());
        add(found, "summary", registered.summary(), wanted.summary());
        add(found, "company", registered.company(), wanted.company());
        add(found, "server", servers(registered), servers(wanted));
        add(found, "user interface", clients(registered), clients(wanted));
        add(found, "tasks", String.join(", ", registered.taskIds()), String.join(", ", wanted.taskIds()));
        add(found, "events", String.join(", ", registered.eventIds()), String.join(", ", wanted.eventIds()));
        add(found, "faults", String.join(", ", registered.faultIds()), String.join(", ", wanted.faultIds()));
        add(found, "privileges", privileges(registered), privileges(wanted));
        add(found, "icons", icons(registered), icons(wanted));
        addTexts(found, registered, wanted);
        return List.copyOf(found);
    }

    static Optional<Difference> ofAlarm(Optional<EventAlarm> defined, EventAlarm wanted) {
        return defined.filter(wanted::equals).isPresent()
                ? Optional.empty()
                : Optional
                        .of(new Difference("alarm", defined.map(EventAlarm::name).orElse(""), wanted.name()));
    }

    private static void addTexts(List<Difference> found, Extension registered, Extension wanted) {
        for (var texts : wanted.resources()) {
            var there = registered.resources().stream()
                    .filter(known -> known.locale().equals(texts.locale())).findFirst();
            if (there.isEmpty()) {
                found.add(new Difference("texts " + texts.locale(), "", texts.texts().size() + " texts"));
            } else if (!there.get().equals(texts)) {
                found.add(
                        new Difference("texts " + texts.locale(), there.get().texts().size() + " other texts",
                                texts.texts().size() + " texts"));
            }
        }
        registered.resources().stream().map(Extension.Resources::locale)
                .filter(locale -> wanted.resources().stream()
                        .noneMatch(texts -> texts.locale().equals(locale)))
                .forEach(locale -> found.add(new Difference("texts " + locale, "there", "")));
    }

    private static String servers(Extension extension) {
        return String.join(", ", extension.servers().stream()
                .map(server -> "%s %s (%s)".formatted(server.type(), server.url(),
                        server.thumbprint().orElse("")))
                .toList());
    }

    private static String clients(Extension extension) {
        return String.join(", ", extension.clients().stream()
                .map(client -> client.type() + " " + client.url()).toList());
    }

    private static String privileges(Extension extension) {
        return String.join(", ", extension.privileges().stream().map(Extension.Privilege::id).toList());
    }

    private static String icons(Extension extension) {
        return String.join(", ", extension.managedEntities().stream()
                .map(entity -> entity.type() + " " + entity.smallIconUrl() + " " + entity.iconUrl())
                .toList());
    }

    private static void add(List<Difference> found, String what, String registered, String wanted) {
        if (!registered.equals(wanted)) {
            found.add(new Difference(what, registered, wanted));
        }
    }
}
