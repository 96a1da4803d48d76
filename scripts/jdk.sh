# Sourced by the scripts in this folder: finds the JDK that runs vm-finalize.
# shellcheck shell=bash

is_jdk_25() {
    [ -n "$1" ] && [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release" 2>/dev/null
}

# Prints the folder of a JDK 25, or says what to install.
find_jdk_25() {
    local candidate on_path=
    if command -v java >/dev/null; then
        on_path=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
    fi
    for candidate in "${JAVA25_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*25* "$on_path" \
            "${HOME:-}"/.sdkman/candidates/java/25* "${HOME:-}"/.jdks/*25*; do
        if is_jdk_25 "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "a JDK 25 must be installed but none was found in JAVA25_HOME, JAVA_HOME, /usr/lib/jvm or on the PATH;" \
        "install one, for example from https://adoptium.net, or set JAVA25_HOME to its folder" >&2
    return 1
}
