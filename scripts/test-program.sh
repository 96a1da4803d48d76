# Sourced by the scripts in this folder: runs a program that lies among a module's tests. Needs jdk.sh and $home.
# shellcheck shell=bash

# Builds MODULE and its tests unless they are newer than all sources, then runs PROGRAM with the arguments that follow.
run_test_program() {
    local module=$1 program=$2 jdk target unused=(-name lab -o -name plugin-server)
    [ "$module" != lab ] || unused=(-name node_modules)
    shift 2
    jdk=$(find_jdk_25)
    target=$home/plugin-backend/$module/target
    if [ ! -f "$target/test-program.cp" ] || [ -n "$(find "$home/pom.xml" "$home/plugin-backend" \( -name target -o \
            "${unused[@]}" \) -prune -o -type f -newer "$target/test-program.cp" -print -quit)" ]; then
        command -v mvn >/dev/null || { echo "Maven 3.8.7 or newer must be on the PATH to build $module; install it" >&2; return 1; }
        echo "building $module and its tests; a minute or two" >&2
        JAVA25_HOME=$jdk mvn -q -B -Dstyle.color=never -f "$home/pom.xml" -pl "plugin-backend/$module" -am -DskipTests \
            -Dspotless.check.skip=true package dependency:build-classpath -Dmdep.outputFile=target/test-program.cp >&2 || return 1
    fi
    exec "$jdk/bin/java" -Xmx512m -Dorg.slf4j.simpleLogger.defaultLogLevel=off --enable-native-access=ALL-UNNAMED \
        -cp "$target/test-classes:$target/classes:$(<"$target/test-program.cp")" "$program" "$@"
}
