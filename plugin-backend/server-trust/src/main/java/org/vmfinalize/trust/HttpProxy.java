package org.vmfinalize.trust;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An HTTP proxy on the way to a server, with the login that it asks for, if it asks for one.
///
/// The login is sent by the `Basic` scheme, the only one that the JDK's client knows: to the proxy alone, with the request for a
/// tunnel, and never into the tunnel. On the way to the proxy it can be read. It comes with the first request, without waiting to
/// be asked: a proxy is named by who runs this side, and is no stranger.
///
/// Not a record: its text must not show the password.
///
/// **Threads:** any number.
public final class HttpProxy {

    /// What a proxy answers that wants a login, or another one; a server never does.
    public static final int WANTS_LOGIN = 407;

    private static final String FORBIDDEN_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    private final URI address;
    private final @Nullable String user;
    private final @Nullable String authorization;

    private HttpProxy(URI address, @Nullable String user, @Nullable String authorization) {
        this.address = address;
        this.user = user;
        this.authorization = authorization;
    }

    /// A proxy that lets everybody through.
    ///
    /// @param address such as `http://proxy.example.org:3128`
    /// @throws IllegalArgumentException if it is none
    public static HttpProxy at(URI address) {
        if (address.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "proxy: must look like http://proxy.example.org:3128, without a user or a password, which are given apart");
        }
        if (!"http".equals(address.getScheme()) || address.getHost() == null || address.getPort() <= 0) {
            throw new IllegalArgumentException(
                    "proxy: must look like http://proxy.example.org:3128 but was '%s'".formatted(address));
        }
        return new HttpProxy(address, null, null);
    }

    /// The same proxy, to which this user logs in.
    ///
    /// @throws IllegalArgumentException if the scheme cannot carry such a name
    public HttpProxy loggedInAs(String name, String password) {
        if (name.isBlank() || name.contains(":")) {
            throw new IllegalArgumentException(
                    "proxy user: must be a name without a colon but was '%s'".formatted(name));
        }
        allowLogins();
        return new HttpProxy(address, name, "Basic " + Base64.getEncoder()
                .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    /// Lets this JVM log in to proxies of tunnels, which the JDK does by `Basic` only if it is told to. The JDK looks at that
    /// once, when the first HTTP client is made: a program that makes others before must call this at its start. What somebody has
    /// set on the command line stays.
    public static void allowLogins() {
        if (System.getProperty(FORBIDDEN_SCHEMES) == null) {
            System.setProperty(FORBIDDEN_SCHEMES, "");
        }
    }

    /// Sends all that the client will send through this proxy; each request needs [#logIn(HttpRequest.Builder)], too.
    public HttpClient.Builder use(HttpClient.Builder client) {
        return client.proxy(ProxySelector
                .of(InetSocketAddress.createUnresolved(address.getHost(), address.getPort())));
    }

    /// Gives a request the login for the proxy, if there is one.
    public HttpRequest.Builder logIn(HttpRequest.Builder request) {
        return authorization == null ? request : request.setHeader("Proxy-Authorization", authorization);
    }

    /// What to tell of an answer [#WANTS_LOGIN].
    ///
    /// @param proxy empty if none was named: then the JVM has one of its own (`https.proxyHost`)
    public static String refusal(Optional<HttpProxy> proxy) {
        if (proxy.isEmpty()) {
            return "a proxy on the way wants a login (HTTP status 407); name it, with its user and its password";
        }
        var named = proxy.get();
        return named.user == null
                ? "the proxy %s wants a login (HTTP status 407); give it a user and a password"
                        .formatted(named)
                : "the proxy %s refuses the login of '%s' (HTTP status 407); check that name and its password"
                        .formatted(named, named.user);
    }

    /// Where it is, without its login.
    @Override
    public String toString() {
        return "http://%s:%d".formatted(address.getHost(), address.getPort());
    }
}
