package org.vmfinalize.vcenter;

/// Who a session belongs to. The session's key is not kept here: in some servers it is as good as the session itself.
///
/// @param userName such as `VSPHERE.LOCAL\alice`
/// @param fullName for people; the user name where the server gives none
/// @param locale   the locale of messages, such as `en_US`; empty where the server gives none
public record UserSession(String userName, String fullName, String locale) {}
