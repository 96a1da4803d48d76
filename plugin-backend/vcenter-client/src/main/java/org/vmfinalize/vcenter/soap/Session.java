package org.vmfinalize.vcenter.soap;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.UserSession;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.soap.vim.Service;

/// A session with vCenter: its cookie, who it belongs to, and what may be sent again when something breaks.
///
/// The cookie is kept as it came, with its quotes: a cookie jar would take them off, and vCenter would not know it.
///
/// **Threads:** any number. Calls run side by side; only one logs in anew while the others wait for it.
final class Session {

    private static final String COOKIE = "vmware_soap_session=";

    /// What vCenter answers without a session. If one of these is refused for want of a login, no session is to blame.
    private static final Set<String> OPEN_TO_ALL = Set.of("RetrieveServiceContent", "Login", "CloneSession");

    /// What a fault says that came as an HTTP status: from vCenter, or from what is in front of it.
    private static final String UNAUTHORIZED = "HTTP status " + Transport.UNAUTHORIZED;

    private final Transport transport;
    private final String version;
    private final MoRef sessionManager;
    private final @Nullable Credentials credentials;
    private final ReentrantLock login = new ReentrantLock();

    /// Null before the first login and after a logout.
    private volatile @Nullable String cookie;

    /// What the server calls this session in questions about it. As secret as the cookie.
    private volatile String key = "";

    private volatile UserSession user = new UserSession("", "", "");

    /// @param credentials null for a session that cannot log in again
    Session(Transport transport, String version, MoRef sessionManager, @Nullable Credentials credentials) {
        this.transport = transport;
        this.version = version;
        this.sessionManager = sessionManager;
        this.credentials = credentials;
    }

    /// Who logs in. Not a record: its text must not show the password.
    static final class Credentials {

        private final String userName;
        private final String password;

        Credentials(String userName, String password) {
            this.userName = userName;
            this.password = password;
        }
    }

    UserSession user() {
        return user;
    }

    String key() {
        return key;
    }

    Limits limits() {
        return transport.limits();
    }

    /// Does something that only reads. It is done once more, from its start, if the session was lost or the connection broke;
    /// a server that is started again does both, one after the other.
    <T> T reading(Supplier<T> work) {
        try {
            return changing(work);
        } catch (VCenterUnavailableException e) {
            if (!Transport.connectionBroke(e)) {
                throw e;
            }
        }
        return changing(work);
    }

    /// Makes one call that changes something. It is sent again only if vCenter refused it for want of a session: then
    /// nothing has happened yet.
    <T> T changing(Supplier<T> call) {
        String used = cookie;
        try {
            return call.get();
        } catch (VCenterFault e) {
            renewOrThrow(used, e);
        }
        try {
            return call.get();
        } catch (VCenterFault e) {
            throw e.is(VCenterFault.NOT_AUTHENTICATED) && e.text().equals(UNAUTHORIZED)
                    ? transport.unavailable(e.getMessage() + ", although vm-finalize had logged in again; "
                            + "see what is in front of vCenter", false, e)
                    : e;
        }
    }

    /// Sends one call, once; for use inside of [#reading] and [#changing].
    <T> List<T> send(Call call, Class<T> type) {
        return send(call, type, limits().answer());
    }

    /// Sends one call, once, whose answer may take `patience`.
    <T> List<T> send(Call call, Class<T> type, Duration patience) {
        String used = cookie;
        var response = transport.post(call, version, used, patience);
        if (response.statusCode() == Transport.UNAUTHORIZED) {
            throw unauthorized(call);
        }
        try {
            var values = Answer.read(response.body(), call, type);
            // Not from a fault: a cookie that comes with NotAuthenticated is of nobody's session, and would look like a login.
            cookieOf(response).ifPresent(fresh -> takeOver(used, fresh));
            return values;
        } catch (XMLStreamException e) {
            throw transport
                    .unavailable("%s was answered with text that is no SOAP envelope: %s".formatted(call,
                            String.valueOf(e.getMessage()).replaceAll("\\s+", " ")), true, e);
        }
    }

    /// Sends one call without a result.
    void send(Call call) {
        send(call, Object.class);
    }

    /// The one value that a call returned.
    <T> T sendForOne(Call call, Class<T> type) {
        var values = send(call, type);
        if (values.isEmpty()) {
            throw transport.unavailable("%s was answered without a result".formatted(call), true, null);
        }
        return values.getFirst();
    }

    /// Logs in with the credentials.
    void login() {
        var who = credentials;
        if (who == null) {
            throw new IllegalStateException("this session cannot log in: it has no password");
        }
        cookie = null;
        begin(sendForOne(Call.of("Login", sessionManager)
                .with("userName", who.userName)
                .with("password", who.password), Service.Session.class));
    }

    /// Becomes a copy of the session that issued the ticket.
    void cloneFrom(String ticket) {
        begin(sendForOne(Call.of("CloneSession", sessionManager).with("cloneTicket", ticket),
                Service.Session.class));
    }

    void logout() {
        if (cookie != null) {
            send(Call.of("Logout", sessionManager));
            cookie = null;
        }
    }

    private void begin(Service.Session session) {
        if (cookie == null || session.key == null) {
            throw transport.unavailable("a session was opened without a cookie or a key", true, null);
        }
        key = session.key;
        String name = Texts.orEmpty(session.userName);
        String fullName = Texts.orEmpty(session.fullName);
        user = new UserSession(name, fullName.isEmpty() ? name : fullName, Texts.orEmpty(session.locale));
    }

    /// Logs in anew if `fault` says that the session is gone and there is a password; else throws `fault`.
    private void renewOrThrow(@Nullable String used, VCenterFault fault) {
        if (!fault.is(VCenterFault.NOT_AUTHENTICATED) || credentials == null) {
            throw fault;
        }
        // Held during the login: who comes second must wait for the new cookie, not open a session more.
        login.lock();
        try {
            String current = cookie;
            if (current == null || current.equals(used)) {
                login();
            }
        } finally {
            login.unlock();
        }
    }

    /// The refusal of a call by the status alone: the call was not done. A session that ended is told this way by what is in
    /// front of vCenter.
    private VCenterException unauthorized(Call call) {
        return OPEN_TO_ALL.contains(call.method())
                ? transport.unavailable(("%s was answered with %s, which vCenter does not do; "
                        + "something in front of it wants a login of its own").formatted(call, UNAUTHORIZED),
                        false, null)
                : new VCenterFault(call.toString(), VCenterFault.NOT_AUTHENTICATED, UNAUTHORIZED, "");
    }

    /// A late answer to an old session must not bring back its cookie.
    private synchronized void takeOver(@Nullable String used, String fresh) {
        String current = cookie;
        if (current == null ? used == null : current.equals(used)) {
            cookie = fresh;
        }
    }

    private static Optional<String> cookieOf(HttpResponse<?> response) {
        return response.headers().allValues("Set-Cookie").stream()
                .filter(header -> header.startsWith(COOKIE))
                .map(header -> header.split(";", 2)[0].strip())
                .filter(pair -> pair.length() > COOKIE.length())
                .findFirst();
    }
}
