package engram.agent;

import engram.encoder.StateNormalizer;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps of several episodes as rows: moment by moment, and within a moment one row for each episode that lasts so
 * long, longer episodes first. So a network that remembers goes through all episodes side by side without a row of padding.
 *
 * @param episodes the longest first
 * @param live how many episodes there are at each moment
 * @param starts the first row of each moment
 * @param observations rows of observations
 * @param extended whether behind each episode that was cut its last observation has a row too
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, never compared
record EpisodeRows(List<Episode> episodes, int[] live, int[] starts, float[] observations, boolean extended) {
    static EpisodeRows of(List<Episode> unordered, int width, boolean extended) {
        List<Episode> episodes = unordered.stream()
                .sorted(Comparator.comparingInt((Episode episode) -> moments(episode, extended))
                        .reversed())
                .toList();
        int[] live = new int[moments(episodes.getFirst(), extended)];
        int[] starts = new int[live.length];
        int rows = 0;
        for (int moment = 0; moment < live.length; moment++) {
            starts[moment] = rows;
            for (Episode episode : episodes) {
                live[moment] += moments(episode, extended) > moment ? 1 : 0;
            }
            rows += live[moment];
        }
        float[] observations = new float[rows * width];
        for (int moment = 0; moment < live.length; moment++) {
            for (int place = 0; place < live[moment]; place++) {
                episodes.get(place).observation(moment, observations, (starts[moment] + place) * width);
            }
        }
        return new EpisodeRows(episodes, live, starts, observations, extended);
    }

    private static int moments(Episode episode, boolean extended) {
        return episode.length() + (extended && episode.isCut() ? 1 : 0);
    }

    /** The same with observations brought to the width of the normaliser. */
    EpisodeRows encoded(StateNormalizer normalizer) {
        float[] encoded = new float[count() * StateNormalizer.WIDTH];
        normalizer.encode(observations, count(), encoded);
        return new EpisodeRows(episodes, live, starts, encoded, extended);
    }

    /** How many rows there are. */
    int count() {
        return starts[starts.length - 1] + live[live.length - 1];
    }

    /** The row of a step of the episode at a place. */
    int row(int place, int step) {
        return starts[step] + place;
    }

    /** Rows of actions. */
    float[] actions(int width) {
        float[] actions = new float[count() * width];
        for (int place = 0; place < episodes.size(); place++) {
            Episode episode = episodes.get(place);
            for (int step = 0; step < episode.length(); step++) {
                episode.action(step, actions, row(place, step) * width);
            }
        }
        return actions;
    }

    /** For each row and action 0, or {@code penalty} where the action was not allowed; null if all were allowed always. */
    float @Nullable [] penalties(int actions, float penalty) {
        if (episodes.stream().noneMatch(Episode::masked)) {
            return null;
        }
        float[] penalties = new float[count() * actions];
        for (int place = 0; place < episodes.size(); place++) {
            Episode episode = episodes.get(place);
            for (int step = 0; step < episode.length(); step++) {
                for (int action = 0; action < actions; action++) {
                    penalties[row(place, step) * actions + action] = episode.allowed(step, action) ? 0 : penalty;
                }
            }
        }
        return penalties;
    }

    /**
     * The discounted sum of rewards from each row on.
     *
     * @param values of the rows of {@code judged}, for what follows a cut; null counts it as nothing
     * @param judged the same episodes, {@link #extended}
     */
    float[] returns(double discount, float @Nullable [] values, EpisodeRows judged) {
        float[] returns = new float[count()];
        for (int place = 0; place < episodes.size(); place++) {
            Episode episode = episodes.get(place);
            double following = 0;
            if (values != null && episode.isCut()) {
                int behind = judged.episodes.indexOf(episode);
                following = values[judged.row(behind, episode.length())];
            }
            for (int step = episode.length() - 1; step >= 0; step--) {
                following = episode.reward(step) + discount * following;
                returns[row(place, step)] = (float) following;
            }
        }
        return returns;
    }

    /** The values of these rows among those of the same episodes {@link #extended}. */
    float[] within(EpisodeRows judged, float[] values) {
        float[] own = new float[count()];
        for (int place = 0; place < episodes.size(); place++) {
            int other = judged.episodes.indexOf(episodes.get(place));
            for (int step = 0; step < episodes.get(place).length(); step++) {
                own[row(place, step)] = values[judged.row(other, step)];
            }
        }
        return own;
    }
}
