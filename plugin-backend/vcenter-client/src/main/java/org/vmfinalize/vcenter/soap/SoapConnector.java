package org.vmfinalize.vcenter.soap;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.AboutInfo;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.VCenterConnector;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.soap.vim.Service;

/// Opens sessions over SOAP.
public final class SoapConnector implements VCenterConnector {

    static final MoRef SERVICE_INSTANCE = new MoRef("ServiceInstance", "ServiceInstance");

    private static final String CLONE_TICKET = "/api/ui/vcenter/session/clone-ticket";
    private static final Pattern TICKET = Pattern
            .compile("\"session_clone_ticket\"\\s*:\\s*\"([^\"\\\\]{1,4096})\"");
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,4096}");

    private final Transport transport;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Server server;

    /// What was learnt of the server: the version to speak, and its managers.
    private record Server(String version, Services services) {}

    /// A connector that has asked nothing yet.
    ///
    /// @throws IllegalArgumentException if the file of certificate authorities cannot be used
    public SoapConnector(VCenterAddress address, Limits limits) {
        this.transport = new Transport(address, limits);
    }

    /// A connector with [Limits#DEFAULT].
    public SoapConnector(VCenterAddress address) {
        this(address, Limits.DEFAULT);
    }

    @Override
    public AboutInfo about() {
        return server().services().about();
    }

    @Override
    public VCenter login(String userName, String password) {
        var session = session(new Session.Credentials(userName, password));
        session.login();
        return new SoapVCenter(session, server().services());
    }

    @Override
    public VCenter fromPluginSession(String pluginSessionToken) {
        String ticket = cloneTicket(pluginSessionToken);
        var session = session(null);
        session.cloneFrom(ticket);
        return new SoapVCenter(session, server().services());
    }

    private Session session(Session.@Nullable Credentials credentials) {
        return new Session(transport, server().version(), server().services().sessionManager(), credentials);
    }

    private String cloneTicket(String token) {
        // A token comes from a browser: it must not be able to end the header, nor to be shown in a message.
        if (!TOKEN.matcher(token).matches()) {
            throw invalidToken("it must be 1 to 4096 printable characters");
        }
        var response = transport.postJson(CLONE_TICKET, "vmware-api-session-id", token,
                "{\"vc_guid\":\"%s\"}".formatted(guid()));
        if (response.statusCode() == 401 || response.statusCode() == 403) {
            throw invalidToken("vCenter does not know it any more; reload the vSphere Client");
        }
        var ticket = TICKET.matcher(new String(response.body(), StandardCharsets.UTF_8));
        if (response.statusCode() != 200 || !ticket.find()) {
            throw transport.unexpected(response, "POST " + CLONE_TICKET);
        }
        return ticket.group(1);
    }

    private static VCenterFault invalidToken(String why) {
        return new VCenterFault("the plugin session token", VCenterFault.INVALID_LOGIN, why, "");
    }

    private String guid() {
        String guid = about().instanceUuid();
        if (!guid.matches("[0-9A-Za-z-]{1,100}")) {
            throw transport.unavailable("its instance UUID must be a UUID but is not", false, null);
        }
        return guid;
    }

    private Server server() {
        var known = server;
        if (known != null) {
            return known;
        }
        // Held while the server is asked: who comes second needs the same answer.
        asking.lock();
        try {
            known = server;
            if (known == null) {
                known = ask();
                server = known;
            }
            return known;
        } finally {
            asking.unlock();
        }
    }

    private Server ask() {
        String version = version();
        var anonymous = new Session(transport, version, SERVICE_INSTANCE, null);
        var content = anonymous.reading(() -> anonymous.sendForOne(
                Call.of("RetrieveServiceContent", SERVICE_INSTANCE), Service.ServiceContent.class));
        return new Server(version, Services.of(content));
    }

    private String version() {
        var response = transport.get(ApiVersion.DOCUMENT);
        if (response.statusCode() != 200) {
            throw transport.unexpected(response, "GET " + ApiVersion.DOCUMENT);
        }
        try {
            var offered = ApiVersion.offered(response.body());
            return ApiVersion.choose(offered).orElseThrow(() -> transport.unavailable(
                    "it must be vCenter 7.0 U3 or later but offers "
                            + (offered.isEmpty() ? "no API" : "API " + offered.getFirst()),
                    false, null));
        } catch (XMLStreamException e) {
            throw transport.unavailable(
                    "its list of API versions is no XML; is this the address of a vCenter?", false, e);
        }
    }

    /// Ends the calls of all its sessions. The sessions themselves end at the server for want of use, or by
    /// [VCenter#close()] before.
    @Override
    public void close() {
        transport.close();
    }
}
