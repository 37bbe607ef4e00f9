package engram.agent;

import engram.encoder.NormalizerFiles;
import engram.encoder.StateNormalizer;
import engram.environment.ObservationSpace;
import engram.error.EngramException;
import java.time.InstantSource;

/**
 * Where the state normalisers of an agent's environment are kept: it takes up the newest that fits, and puts there the one
 * that it trains.
 *
 * @param files of all environments
 * @param environment the name of the agent's
 * @param observations what its observations look like
 * @param clock says when one was made
 */
public record NormalizerShelf(
        NormalizerFiles files, String environment, ObservationSpace observations, InstantSource clock) {
    private static final System.Logger LOG = System.getLogger(NormalizerShelf.class.getName());

    NormalizerFiles.Selection select(double threshold) {
        NormalizerFiles.Selection selected = files.select(environment, observations, threshold);
        for (String misfit : selected.misfits()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a state normaliser of the environment {0} is passed over: {1}",
                    environment,
                    misfit);
        }
        return selected;
    }

    /** Keeps one that was just trained; what cannot be kept is used all the same. Gives its number, 0 for not kept. */
    int keep(StateNormalizer trained) {
        try {
            return files.save(trained, observations, clock.instant());
        } catch (EngramException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the state normaliser of the environment {0} is not kept for other agents: {1}",
                    environment,
                    e.getMessage());
            return 0;
        }
    }
}
