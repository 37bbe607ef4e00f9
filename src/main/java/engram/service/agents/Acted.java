package engram.service.agents;

import engram.agent.Decision;
import java.util.List;

/**
 * Chosen actions.
 *
 * @param decisions one for each observation
 * @param carried for each what its policy carries on through the episode, to be handed in with the next observation
 * @param fallback whether the policy failed and the actions were drawn at random from those allowed
 */
public record Acted(List<Decision> decisions, List<float[]> carried, boolean fallback) {}
