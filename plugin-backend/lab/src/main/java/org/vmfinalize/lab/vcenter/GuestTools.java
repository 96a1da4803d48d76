package org.vmfinalize.lab.vcenter;

/// What VMware Tools in a guest tell vCenter.
///
/// @param ipAddress at which the guest really answers
/// @param hostName as it calls itself
public record GuestTools(String ipAddress, String hostName) {}
