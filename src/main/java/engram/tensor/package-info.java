/**
 * Numbers on PyTorch: tensors with gradients, who owns their native memory, parameters that live in one flat buffer, and
 * an Adam whose state can be saved. The only package that knows DJL; none of DJL's types appears in a public signature.
 * Nothing here loads PyTorch before the first scope is opened.
 */
@NullMarked
package engram.tensor;

import org.jspecify.annotations.NullMarked;
