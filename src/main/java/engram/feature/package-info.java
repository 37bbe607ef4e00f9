/**
 * From a state to features. A {@link engram.feature.FeatureSchema schema} says which fields a space declares; a
 * {@link engram.feature.FeatureExtractor} turns a JSON state into a fixed number of values in [0,1] with a mask of what
 * was there, reports whatever did not fit as it was, and goes back from features to an approximate state.
 */
@NullMarked
package engram.feature;

import org.jspecify.annotations.NullMarked;
