# shellcheck shell=sh
# './engram native': builds, tests and describes the native binary. Read by the launcher, whose functions it uses.

NATIVE_HOME=$ENGRAM_HOME/target/native
BINARY=$NATIVE_HOME/engram
METADATA=$ENGRAM_HOME/src/main/resources/META-INF/native-image/io.engram/engram/reachability-metadata.json

native_usage() {
    cat <<'HELP'
usage: ./engram native [--scalar]          build target/native/engram and what lies beside it
       ./engram native --test [-Dit.test=Name]   build if need be, and run the integration tests on the binary
       ./engram native --trace             write the binary's metadata anew from a run of the tests on GraalVM's JVM

--scalar leaves out the loops in C, which need a C compiler.
HELP
}

native() {
    case ${1:-} in
        '') build_native ;;
        --scalar) KERNELS=none && build_native ;;
        --test)
            shift
            native_is_current || build_native
            test_native "$@"
            ;;
        --trace) trace_native ;;
        --help | -h) native_usage ;;
        *)
            native_usage >&2
            exit 2
            ;;
    esac
}

# Sets GRAALVM_HOME to a GraalVM or Mandrel for JDK 25; returns non-zero where there is none.
find_graalvm() {
    for candidate in "${GRAALVM_HOME:-}" "${JAVA_HOME:-}" "$(compiler_on_path)"; do
        if [ -n "$candidate" ] && [ -x "$candidate/bin/native-image" ] && [ "$(jdk_version "$candidate")" -ge 25 ]; then
            GRAALVM_HOME=$candidate
            export GRAALVM_HOME
            return
        fi
    done
    return 1
}

compiler_on_path() {
    found=$(command -v native-image 2>/dev/null) || return 0
    # The usual installation has a link in bin that leads to the compiler itself.
    dirname "$(dirname "$found")"
}

# Sets ENGINE to a container engine that runs; returns non-zero where there is none.
find_container_engine() {
    for ENGINE in podman docker; do
        if command -v "$ENGINE" >/dev/null 2>&1 && "$ENGINE" info >/dev/null 2>&1; then
            return
        fi
    done
    return 1
}

c_compiler() {
    command -v "${CC:-cc}" 2>/dev/null || command -v gcc 2>/dev/null
}

# Compiles the loops in C into the directory KERNELS, which stays empty where that is not possible.
compile_kernels() {
    if [ "${KERNELS:-}" = none ]; then
        KERNELS=
        return
    fi
    compiler=$(c_compiler) || compiler=
    if [ -z "$compiler" ]; then
        KERNELS=
        note "no C compiler found: the binary will compare vectors without vector instructions, about three times slower"
        return
    fi
    KERNELS=$NATIVE_HOME/kernels
    rm -rf "$KERNELS"
    mkdir -p "$KERNELS"
    # The processor that GraalVM compiles for as well, unless it is told otherwise.
    target=
    [ "$(uname -m)" != x86_64 ] || target=-march=x86-64-v3
    compile_kernel engram_kernels -ffp-contract=fast
    compile_kernel engram_learning -ffp-contract=off -fno-math-errno -fno-trapping-math
    ar rcs "$KERNELS/libengram_kernels.a" "$KERNELS"/*.o
}

# Compiles the file $1; the other arguments are flags.
compile_kernel() {
    name=$1
    shift
    # shellcheck disable=SC2086
    "$compiler" -O3 $target -fPIC "$@" -c "$ENGRAM_HOME/src/main/c/$name.c" -o "$KERNELS/$name.o" ||
        fail "the loops in src/main/c could not be compiled; '--scalar' leaves them out."
}

native_is_current() {
    [ -x "$BINARY" ] &&
        [ -z "$(find "$ENGRAM_HOME/pom.xml" "$ENGRAM_HOME/src/main" -newer "$BINARY" -type f | head -n 1)" ]
}

build_native() {
    if find_graalvm; then
        [ -n "$(c_compiler)" ] || fail "GraalVM links with a C compiler, which was not found." \
            "Install gcc and the headers of the C library and of zlib (on Debian: gcc libc6-dev zlib1g-dev)."
        JAVA_HOME=$GRAALVM_HOME
        export JAVA_HOME
        set --
    elif find_container_engine; then
        find_jdk
        set -- -Dquarkus.native.container-build=true -Dquarkus.native.container-runtime="$ENGINE"
    else
        fail "a native binary is compiled by GraalVM or Mandrel for JDK 25, and neither GRAALVM_HOME, JAVA_HOME nor the" \
            "PATH leads to a native-image, nor does Podman or Docker run." \
            "Install Mandrel 25 from the releases of graalvm/mandrel on GitHub together with gcc and the headers of zlib" \
            "(on Debian: gcc libc6-dev zlib1g-dev) and set GRAALVM_HOME to its directory, or start a container engine."
    fi
    find_maven
    compile_kernels
    if [ -n "$KERNELS" ]; then
        seen=$KERNELS
        if [ $# -gt 0 ]; then
            seen=/kernels
            set -- "$@" "-Dquarkus.native.container-runtime-options=-v,$KERNELS:/kernels:z"
        fi
        set -- "$@" "-Dquarkus.native.additional-build-args-append=-Dengram.kernels=$seen"
    fi
    note "compiling the native binary (some minutes, up to 6 GB of memory)"
    maven -q -B -ntp -Pnative -Dmaven.test.skip=true package "$@" >&2 </dev/null ||
        fail "the build failed; its messages are above."
    unpack_libtorch
    ln -f "$ENGRAM_HOME"/target/engram-*-runner "$BINARY"
    touch "$BINARY"
    cp "$ENGRAM_HOME/target/quarkus-artifact.properties" "$NATIVE_HOME/"
    note "built $BINARY ($(($(wc -c <"$BINARY") / 1000000)) MB); './engram serve --native' runs it"
}

# Puts PyTorch's libraries beside the binary; they are 430 MB, and loaded when something is first learned.
unpack_libtorch() {
    [ -d "$NATIVE_HOME/libtorch" ] && return
    command -v python3 >/dev/null 2>&1 || fail "'native' needs Python 3.9 or newer, and python3 is not on the PATH."
    mkdir -p "$NATIVE_HOME"
    maven -q -B -ntp -Pnative dependency:copy-dependencies -DincludeGroupIds=ai.djl.pytorch \
        -DoutputDirectory="$NATIVE_HOME/jars" >&2 </dev/null || fail "PyTorch's libraries could not be fetched."
    python3 - "$NATIVE_HOME" <<'PYTHON' || fail "PyTorch's libraries could not be unpacked."
import pathlib, platform, shutil, sys, zipfile

home = pathlib.Path(sys.argv[1])
machine = {"x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}[platform.machine()]
folders = (f"pytorch/cpu/linux-{machine}/", f"jnilib/linux-{machine}/cpu/")
partial = home / "libtorch.partial"
shutil.rmtree(partial, ignore_errors=True)
partial.mkdir()
for jar in sorted((home / "jars").glob("*.jar")):
    with zipfile.ZipFile(jar) as content:
        for name in content.namelist():
            if name.startswith(folders) and not name.endswith("/"):
                with content.open(name) as source, open(partial / name.rsplit("/", 1)[1], "wb") as target:
                    shutil.copyfileobj(source, target)
if not (partial / "libtorch_cpu.so").exists():
    sys.exit("no libtorch_cpu.so for this machine")
partial.rename(home / "libtorch")
shutil.rmtree(home / "jars")
PYTHON
}

test_native() {
    find_jdk
    find_maven
    # It tells the tests what the application is; a build for the JVM may have come in between.
    cp "$NATIVE_HOME/quarkus-artifact.properties" "$ENGRAM_HOME/target/"
    maven -B -ntp -Pnative test-compile failsafe:integration-test failsafe:verify "$@" \
        -Dengram.binary="$BINARY" </dev/null
}

# Runs the test of every operation on GraalVM's JVM with its tracing agent.
trace_native() {
    find_graalvm || fail "tracing needs GraalVM or Mandrel for JDK 25: set GRAALVM_HOME to its directory."
    JAVA_HOME=$GRAALVM_HOME
    export JAVA_HOME
    find_maven
    traces=$NATIVE_HOME/traces
    rm -rf "$traces"
    mkdir -p "$traces"
    maven -B -ntp verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=EveryOperationIT \
        "-Dengram.jvm-options=-agentlib:native-image-agent=config-output-dir=$traces/{pid}" </dev/null ||
        fail "the traced test failed; its messages are above."
    python3 "$ENGRAM_HOME/scripts/native_metadata.py" "$traces" "$ENGRAM_HOME/target/quarkus-app/lib/main" "$METADATA"
    note "wrote $METADATA; read the difference before you commit it"
}

serve_native() {
    native_is_current || build_native
    # Options hold no blanks inside, so splitting them at blanks is what is wanted.
    # shellcheck disable=SC2086
    exec "$BINARY" -Xmx2g ${ENGRAM_NATIVE_OPTS:-} "$@"
}
