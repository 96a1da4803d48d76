# Sourced by the scripts in this folder, after jdk.sh: builds what they run, when it is not built yet.
# shellcheck shell=bash

# build_once NAME MODULE GOAL...: builds a module, and what it needs, unless nothing has changed since NAME built it.
build_once() {
    local name=$1 module=$2 built began log
    shift 2
    built=$home/$module/target/built-by-$name
    if [ -f "$built" ] && [ -z "$(find "$home/pom.xml" "$home/plugin-backend" "$home/plugin-ui-manifest" \
            \( -name target -o -path '*/src/test' -o -path "$home/plugin-backend/lab" \) \
            -prune -o -type f -newer "$built" -print -quit)" ]; then
        return
    fi
    if ! command -v mvn >/dev/null; then
        echo "$name: Maven 3.8.7 or newer must be on the PATH to build it; install it (Debian: apt install maven)" >&2
        return 1
    fi
    echo "$name: building, once; a minute or two" >&2
    log=$(mktemp)
    began=$(mktemp)
    if ! JAVA25_HOME=$(find_jdk_25) mvn -q -B -Dstyle.color=never -f "$home/pom.xml" -pl "$module" -am -Dmaven.test.skip=true \
        -Dspotless.check.skip=true "$@" >"$log" 2>&1; then
        grep -m 5 -F 'ERROR' "$log" >&2 || tail -n 5 "$log" >&2
        rm -f "$log" "$began"
        echo "$name: it could not be built; run 'mvn verify' in $home to see all" >&2
        return 1
    fi
    # The time at which the build began: what was changed meanwhile is newer.
    mv "$began" "$built"
    rm -f "$log"
}
