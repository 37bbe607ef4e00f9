package engram.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A source in C, compiled as {@code scripts/native.sh} does, but to a library that a JVM can load. */
record CompiledSource(Path library) {
    private static final Path SOURCES = Path.of("src/main/c");
    private static final List<Path> COMPILERS = List.of(Path.of("/usr/bin/cc"), Path.of("/usr/bin/gcc"));

    /** Loops between matrices of encoders, whose sums may be fused. */
    static final String KERNELS = "engram_kernels";

    /** Loops of learners, which have the bits of Java. */
    static final String LEARNING = "engram_learning";

    /** Skips the test that asks where there is no compiler, or the processor is not one that the binary is made for. */
    static CompiledSource of(String source, Path directory) throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "the binary is for Linux");
        boolean intel = System.getProperty("os.arch").equals("amd64");
        assumeTrue(!intel || Files.readString(Path.of("/proc/cpuinfo")).contains(" avx2 "), "a processor with AVX2");
        var compiler = COMPILERS.stream().filter(Files::isExecutable).findFirst();
        assumeTrue(compiler.isPresent(), "a C compiler");
        Path library = directory.resolve(source + ".so");
        List<String> command = new ArrayList<>(List.of(compiler.get().toString(), "-O3", "-shared", "-fPIC"));
        command.addAll(List.of("-Wall", "-Wextra", "-Werror"));
        command.addAll(
                List.of("-o", library.toString(), SOURCES.resolve(source + ".c").toString()));
        command.addAll(
                source.equals(LEARNING)
                        ? List.of("-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math")
                        : List.of("-ffp-contract=fast"));
        if (intel) {
            command.add("-march=x86-64-v3");
        }
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        return new CompiledSource(library);
    }

    @SuppressWarnings("restricted") // native code is what is tested
    MethodHandle function(Arena arena, String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker()
                .downcallHandle(SymbolLookup.libraryLookup(library, arena).findOrThrow(name), descriptor);
    }
}
