/**
 * Encoders: what turns a state into one embedding at three resolutions. Version 0 of a space is a fixed random
 * projection that works before any training; later versions are trained multi-resolution autoencoders.
 */
@NullMarked
package engram.encoder;

import org.jspecify.annotations.NullMarked;
