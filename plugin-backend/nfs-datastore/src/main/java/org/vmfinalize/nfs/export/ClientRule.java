package org.vmfinalize.nfs.export;

import java.util.ArrayList;
import java.util.List;

/// What the clients of one network may do with an export.
///
/// @param readOnly whether every change is refused
/// @param rootSquash whether a client's root has no more rights than nobody (user and group 65534). ESXi makes virtual
///        machines as root, so its hosts need it off
public record ClientRule(ClientNetwork network, boolean readOnly, boolean rootSquash) {

    /// The clients of this machine: `127.0.0.0/8` and `::1`, which may do everything.
    public static final List<ClientRule> LOOPBACK = List.of(parse("127.0.0.0/8"), parse("::1"));

    private static final String FORM = "NETWORK or NETWORK(OPTION,…) with the options rw or ro, no_root_squash or root_squash";

    /// Reads a rule such as `192.0.2.0/24` or `2001:db8::1(ro,root_squash)`: the form of exports(5), but without options
    /// clients may read and write, and root is root. Spaces may stand for the commas.
    ///
    /// @throws IllegalArgumentException if `text` has another form
    public static ClientRule parse(String text) {
        String rule = text.strip();
        int bracket = rule.indexOf('(');
        if (bracket < 0) {
            return new ClientRule(ClientNetwork.parse(rule), false, false);
        }
        if (!rule.endsWith(")")) {
            throw new IllegalArgumentException(
                    "client rule: it must be %s but was '%s'".formatted(FORM, text));
        }
        List<String> options = new ArrayList<>();
        for (String option : rule.substring(bracket + 1, rule.length() - 1).split("[,\\s]", -1)) {
            options.add(option);
        }
        options.removeIf(String::isEmpty);
        boolean readOnly = isSet(options, "ro", "rw", text);
        boolean rootSquash = isSet(options, "root_squash", "no_root_squash", text);
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("client rule '%s': its options must be %s but one was '%s'"
                    .formatted(text, "rw, ro, root_squash or no_root_squash", options.getFirst()));
        }
        return new ClientRule(ClientNetwork.parse(rule.substring(0, bracket)), readOnly, rootSquash);
    }

    /// Takes both options out of the list and says whether it was `yes`.
    private static boolean isSet(List<String> options, String yes, String no, String text) {
        boolean isYes = options.removeIf(yes::equals);
        boolean isNo = options.removeIf(no::equals);
        if (isYes && isNo) {
            throw new IllegalArgumentException(
                    "client rule '%s': it must have one of %s and %s but had both".formatted(text, yes, no));
        }
        return isYes;
    }
}
