package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the property collector is asked and what it answers.
public final class Collector {

    private Collector() {}

    @XmlType(name = "PropertyFilterSpec", propOrder = {"propSet", "objectSet"})
    public static class FilterSpec {
        public List<PropertySpec> propSet = new ArrayList<>();
        public List<ObjectSpec> objectSet = new ArrayList<>();
    }

    @XmlType(name = "PropertySpec", propOrder = {"type", "pathSet"})
    public static class PropertySpec {
        public @Nullable String type;
        public List<String> pathSet = new ArrayList<>();
    }

    @XmlType(name = "ObjectSpec", propOrder = {"obj", "skip", "selectSet"})
    public static class ObjectSpec {
        public @Nullable ManagedObjectReference obj;
        public @Nullable Boolean skip;
        public List<SelectionSpec> selectSet = new ArrayList<>();
    }

    @XmlType(name = "SelectionSpec", propOrder = {"name"})
    public static class SelectionSpec {
        public @Nullable String name;
    }

    @XmlType(name = "TraversalSpec", propOrder = {"type", "path", "skip"})
    public static class TraversalSpec extends SelectionSpec {
        public @Nullable String type;
        public @Nullable String path;
        public @Nullable Boolean skip;
    }

    @XmlType(name = "RetrieveOptions", propOrder = {"maxObjects"})
    public static class RetrieveOptions {
        public @Nullable Integer maxObjects;
    }

    @XmlType(name = "WaitOptions", propOrder = {"maxWaitSeconds"})
    public static class WaitOptions {
        public @Nullable Integer maxWaitSeconds;
    }

    @XmlType(name = "RetrieveResult", propOrder = {"token", "objects"})
    public static class RetrieveResult {
        public @Nullable String token;
        public List<ObjectContent> objects = new ArrayList<>();
    }

    @XmlType(name = "ObjectContent", propOrder = {"obj", "propSet"})
    public static class ObjectContent {
        public @Nullable ManagedObjectReference obj;
        public List<DynamicProperty> propSet = new ArrayList<>();
    }

    @XmlType(name = "DynamicProperty", propOrder = {"name", "val"})
    public static class DynamicProperty {
        public @Nullable String name;
        public @Nullable Object val;
    }

    @XmlType(name = "UpdateSet", propOrder = {"version", "filterSet", "truncated"})
    public static class UpdateSet {
        public @Nullable String version;
        public List<FilterUpdate> filterSet = new ArrayList<>();
        public @Nullable Boolean truncated;
    }

    @XmlType(name = "PropertyFilterUpdate", propOrder = {"objectSet"})
    public static class FilterUpdate {
        public List<ObjectUpdate> objectSet = new ArrayList<>();
    }

    @XmlType(name = "ObjectUpdate", propOrder = {"kind", "obj", "changeSet"})
    public static class ObjectUpdate {
        public @Nullable String kind;
        public @Nullable ManagedObjectReference obj;
        public List<PropertyChange> changeSet = new ArrayList<>();
    }

    @XmlType(name = "PropertyChange", propOrder = {"name", "op", "val"})
    public static class PropertyChange {
        public @Nullable String name;
        public @Nullable String op;
        public @Nullable Object val;
    }

    @XmlType(name = "ArrayOfManagedObjectReference", propOrder = {"items"})
    public static class ArrayOfReferences {
        @XmlElement(name = "ManagedObjectReference")
        public List<ManagedObjectReference> items = new ArrayList<>();
    }

    @XmlType(name = "ArrayOfString", propOrder = {"items"})
    public static class ArrayOfStrings {
        @XmlElement(name = "string")
        public List<String> items = new ArrayList<>();
    }
}
