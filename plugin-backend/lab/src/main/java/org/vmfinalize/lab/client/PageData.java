package org.vmfinalize.lab.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.vmfinalize.vcenter.Extension;
import tools.jackson.databind.json.JsonMapper;

/// What the page asks its server for:
///
///     GET  /lab/state                       all that it shows, as JSON
///     POST /lab/session                     a plugin session token for a frame
///     POST /lab/tasks/ID/cancel             asks a task to end early
///     GET  /lab/icons/KEY/TYPE/small|large  the icon of objects that an extension manages
final class PageData implements HttpHandler {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_ICON_BYTES = 256 * 1024;

    private final VSphere vsphere;
    private final String userName;
    private final PluginProxy proxy;

    PageData(VSphere vsphere, String userName, PluginProxy proxy) {
        this.vsphere = vsphere;
        this.userName = userName;
        this.proxy = proxy;
    }

    /// All that the page shows.
    record State(String vcenter, String userName, List<InventoryObject> objects, List<RecentTask> tasks,
            List<Plugin> plugins, List<ManagedKind> managedKinds) {}

    /// A plugin of the client.
    ///
    /// @param path     where its server is published, with a slash at its end
    /// @param manifest the manifest's path below that
    record Plugin(String key, String version, String path, String manifest) {}

    /// A kind of object that an extension manages: it has its own icon, and says who manages it.
    record ManagedKind(String extensionKey, String type, String manager, String description) {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        String call = exchange.getRequestMethod() + " " + path[2];
        switch (call) {
            case "GET state" -> json(exchange, state());
            case "POST session" -> session(exchange);
            case "POST tasks" -> cancel(exchange, path);
            case "GET icons" -> icon(exchange, path);
            default -> Answer.text(exchange, 404, "not found");
        }
    }

    private void session(HttpExchange exchange) throws IOException {
        Optional<String> token = vsphere.issuePluginToken(userName);
        if (token.isPresent()) {
            json(exchange, Map.of("sessionToken", token.get(), "nodeId", vsphere.instanceUuid()));
        } else {
            Answer.text(exchange, 401, "the session is over");
        }
    }

    private State state() {
        List<Extension> extensions = vsphere.extensions();
        return new State(vsphere.instanceUuid(), userName, vsphere.inventory(), vsphere.recentTasks(),
                extensions.stream().flatMap(PageData::plugin).toList(),
                extensions.stream().flatMap(PageData::kinds).toList());
    }

    private static Stream<Plugin> plugin(Extension extension) {
        return PluginAddress.of(extension).stream()
                .map(each -> new Plugin(each.key(), extension.version(), each.path(), each.manifest()));
    }

    private static Stream<ManagedKind> kinds(Extension extension) {
        return extension.managedEntities().stream()
                .map(each -> new ManagedKind(extension.key(), each.type(), extension.label(),
                        each.description()));
    }

    private static void json(HttpExchange exchange, Object value) throws IOException {
        Answer.bytes(exchange, 200, "application/json", JSON.writeValueAsBytes(value));
    }

    private void cancel(HttpExchange exchange, String[] path) throws IOException {
        boolean asked = path.length == 5 && path[4].equals("cancel") && vsphere.cancelTask(path[3]);
        Answer.text(exchange, asked ? 200 : 409, asked ? "asked" : "no such task can be cancelled now");
    }

    private void icon(HttpExchange exchange, String[] path) throws IOException {
        Optional<byte[]> icon = path.length == 6
                ? icon(path[3], path[4], path[5].equals("small"))
                : Optional.empty();
        if (icon.isPresent()) {
            Answer.bytes(exchange, 200, "image/png", icon.get());
        } else {
            Answer.text(exchange, 404, "no such icon");
        }
    }

    private Optional<byte[]> icon(String key, String type, boolean small) {
        return vsphere.extensions().stream().filter(each -> each.key().equals(key))
                .flatMap(extension -> extension.managedEntities().stream()
                        .filter(each -> each.type().equals(type))
                        .map(each -> URI.create(small ? each.smallIconUrl() : each.iconUrl()))
                        .flatMap(url -> PluginAddress.of(extension).flatMap(plugin -> fetch(plugin, url))
                                .stream()))
                .findFirst();
    }

    /// The icon is an ornament: without it the object has the usual one.
    private Optional<byte[]> fetch(PluginAddress plugin, URI url) {
        boolean ownServer = url.getAuthority() != null
                && url.getAuthority().equals(plugin.server().getAuthority());
        if (!ownServer) {
            return Optional.empty();
        }
        try {
            HttpResponse<byte[]> answer = proxy.fetch(plugin, url);
            return Optional.of(answer.body())
                    .filter(body -> answer.statusCode() == 200 && body.length <= MAX_ICON_BYTES);
        } catch (IOException e) {
            System.getLogger(PageData.class.getName()).log(System.Logger.Level.DEBUG, "icon {0}: {1}", url,
                    e);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
