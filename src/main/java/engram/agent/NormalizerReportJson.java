package engram.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How an agent's observations are brought to its network, as JSON. */
public final class NormalizerReportJson {
    private NormalizerReportJson() {}

    /**
     * {@code {"trained": true, "version": 1, "trainingError": 0.02, "heldOutError": 0.03, "recentError": 0.03,
     * "misfits": ["version 2 takes observations of 6 numbers, not 4"]}}.
     */
    public static ObjectNode write(NormalizerReport report) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("trained", report.trained())
                .put("version", report.version())
                .put("trainingError", report.trainingError())
                .put("heldOutError", report.heldOutError())
                .put("recentError", report.recentError());
        report.misfits().forEach(json.putArray("misfits")::add);
        return json;
    }
}
