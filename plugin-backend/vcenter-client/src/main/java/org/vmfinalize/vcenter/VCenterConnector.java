package org.vmfinalize.vcenter;

/// Opens sessions with one vCenter. Closing it ends its connections, and with them all its sessions' calls.
///
/// **Threads:** any number.
public interface VCenterConnector extends AutoCloseable {

    /// What the vCenter says about itself. Needs no session; asked at the first use, then remembered.
    AboutInfo about();

    /// Opens a session with a password, which is kept in memory so that the session can be renewed.
    ///
    /// @throws VCenterFault of type [VCenterFault#INVALID_LOGIN] if name or password are wrong
    VCenter login(String userName, String password);

    /// Opens a session in the name of the user whose user interface sent `pluginSessionToken`, which is exchanged for a
    /// one-time ticket at the vSphere Client's address and then for a session.
    ///
    /// @throws VCenterFault of type [VCenterFault#INVALID_LOGIN] if the token is not, or no more, good
    VCenter fromPluginSession(String pluginSessionToken);

    @Override
    void close();
}
