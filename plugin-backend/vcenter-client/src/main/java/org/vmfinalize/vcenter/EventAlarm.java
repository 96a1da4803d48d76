package org.vmfinalize.vcenter;

/// An alarm on virtual machines that one type of event raises and another one takes back. It is defined once, at the
/// inventory's root, and shows on each machine whose event raised it.
///
/// @param name        unique among the vCenter's alarms
/// @param description for people
/// @param raisedBy    the event type that turns it red, one of a registered extension's
/// @param clearedBy   the event type that turns it green
public record EventAlarm(String name, String description, String raisedBy, String clearedBy) {}
