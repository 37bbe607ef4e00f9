package engram.encoder;

import engram.tensor.kernel.NativeKernels;
import java.lang.reflect.InvocationTargetException;

/** Which kernel this process uses: the Vector API where the JVM has it, loops in C in a native binary, else loops. */
final class DenseKernels {
    static final DenseKernel.Factory FASTEST = fastest();

    private DenseKernels() {}

    /** The name of the kind of kernel in use, for the start-up log. */
    static String description() {
        if (FASTEST instanceof ScalarKernel.Maker) {
            return "loops";
        }
        return NativeKernels.ARE_LINKED ? "linked loops" : "Vector API";
    }

    private static DenseKernel.Factory fastest() {
        if (NativeKernels.ARE_LINKED) {
            return LinkedKernel::new;
        }
        boolean available =
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        boolean image = System.getProperty("org.graalvm.nativeimage.imagecode") != null;
        if (!available || image) {
            return new ScalarKernel.Maker();
        }
        try {
            // By name, so that an image and a JVM without the module never load it.
            return Class.forName(DenseKernels.class.getPackageName() + ".VectorKernelMaker")
                    .asSubclass(DenseKernel.Factory.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException
                | LinkageError e) {
            throw new IllegalStateException("The kernel for the Vector API could not be made.", e);
        }
    }
}
