package org.vmfinalize.vcenter;

/// What a vCenter says about itself.
///
/// @param name         the product's name, for people
/// @param version      the product's version, such as `8.0.3`
/// @param build        the product's build
/// @param apiVersion   the version of its API, such as `8.0.3.0`
/// @param instanceUuid the identity of this vCenter: the last part of the vSphere Client's object ids
public record AboutInfo(String name, String version, String build, String apiVersion, String instanceUuid) {}
