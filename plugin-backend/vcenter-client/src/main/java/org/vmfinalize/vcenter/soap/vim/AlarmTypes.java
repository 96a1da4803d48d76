package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlSeeAlso;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Definitions of alarms.
public final class AlarmTypes {

    private AlarmTypes() {}

    @XmlType(name = "AlarmSpec", propOrder = {"name", "description", "enabled", "expression", "setting"})
    public static class AlarmSpec {
        public @Nullable String name;
        public @Nullable String description;
        public @Nullable Boolean enabled;
        public @Nullable Expression expression;
        public @Nullable Setting setting;
    }

    @XmlType(name = "AlarmInfo", propOrder = {"alarm"})
    public static class AlarmInfo extends AlarmSpec {
        public @Nullable ManagedObjectReference alarm;
    }

    @XmlType(name = "AlarmExpression")
    @XmlSeeAlso({OrExpression.class, EventExpression.class})
    public static class Expression {}

    @XmlType(name = "OrAlarmExpression", propOrder = {"expression"})
    public static class OrExpression extends Expression {
        public List<Expression> expression = new ArrayList<>();
    }

    @XmlType(name = "EventAlarmExpression", propOrder = {"eventType", "eventTypeId", "objectType", "status"})
    public static class EventExpression extends Expression {
        public @Nullable String eventType;
        public @Nullable String eventTypeId;
        public @Nullable String objectType;
        public @Nullable String status;
    }

    @XmlType(name = "AlarmSetting", propOrder = {"toleranceRange", "reportingFrequency"})
    public static class Setting {
        @XmlElement(required = true)
        public int toleranceRange;
        @XmlElement(required = true)
        public int reportingFrequency;
    }
}
