package org.vmfinalize.vcenter;

import java.util.Map;

/// What a task of ours is doing, in the language of whoever looks at it.
///
/// @param key       of the text in the resources of the registered extension
/// @param arguments what that text names in braces
/// @param text      the same in English, for where the reader's language has no text of that key
public record TaskPhrase(String key, Map<String, String> arguments, String text) {

    public TaskPhrase {
        arguments = Map.copyOf(arguments);
    }
}
