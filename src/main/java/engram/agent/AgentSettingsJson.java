package engram.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;

/**
 * Settings of agents as JSON:
 *
 * <pre>{@code
 * {"network": {"layers": [256, 256], "activation": "relu", "dropout": 0, "initialization": "uniform"},
 *  "learningRate": 0.001, "discount": 0.99, "gradientNorm": 10,
 *  "double": false, "dueling": false, "loss": "huber",                                   (dqn)
 *  "temperature": 1, "temperatureTuned": true, "smooth": {"logDeviation": -3, "every": 8},  (sac)
 *  "exploration": {"shape": "linear", "from": 1, "to": 0.05, "until": 0.1},
 *  "start": 1000, "every": 4, "updates": 1, "batch": 64,
 *  "target": {"every": 500, "counts": "steps", "blend": 1},
 *  "replay": {"capacity": 100000, "priority": 0.6, "correction": 0.4, "steps": 1},
 *  "memory": {"batch": 64, "rehearsal": 2000, "learn": true, "remember": true, "strategy": "uniform", "own": false, "include": [],
 *             "exclude": [], "leastAgreement": 0.25, "leastSimilarity": 0, "greatestAge": "PT0S", "held": 50000}}
 *
 * {"network": {…}, "learningRate": 0.003, "discount": 0.99, "gradientNorm": 0.5,             (reinforce)
 *  "recurrence": {"kind": "lstm", "width": 64},
 *  "baseline": {"kind": "network", "learningRate": 0.003, "updates": 4},
 *  "entropy": 0.01, "normalized": true, "episodes": 4, "longest": 2000, "logDeviation": -0.5,
 *  "memory": {"remember": true}}
 * }</pre>
 *
 * All have {@code "normalizer": {"kind": "vae", "trainAfter": 1000, "threshold": 0.1, "stored": true, "layers": [128],
 * "divergence": 0.001, "learningRate": 0.001, "batch": 64, "epochs": 30, "heldOut": 0.1, "seed": 0}}.
 */
public final class AgentSettingsJson {
    private AgentSettingsJson() {}

    /**
     * Reads settings.
     *
     * @param json an object; what it leaves out is as in {@code defaults}
     * @throws InvalidInput naming every field that is unknown or wrong
     */
    public static AgentSettings read(JsonNode json, AgentSettings defaults) {
        Fields fields = Fields.of(json);
        NormalizerUse normalizer = NormalizerUseJson.read(fields.object("normalizer"), defaults.normalizer());
        if (defaults.learner() instanceof ReinforceSettings reinforce) {
            ReinforceSettings learner = reinforce(fields, reinforce);
            Fields memory = fields.object("memory");
            boolean remember = memory.flag("remember", defaults.memory().remember());
            memory.end();
            fields.end();
            fields.throwIfAny();
            return new AgentSettings(
                    learner,
                    defaults.plan(),
                    defaults.replay(),
                    defaults.memory().remembering(remember),
                    normalizer);
        }
        Fields target = fields.object("target");
        LearnerSettings learner =
                switch (defaults.learner()) {
                    case DqnSettings dqn -> dqn(fields, target, dqn);
                    case SacSettings sac -> sac(fields, target, sac);
                    case ReinforceSettings reinforce -> reinforce;
                };
        Fields replay = fields.object("replay");
        Fields memory = fields.object("memory");
        AgentSettings.ReplaySettings table = replay.checked(
                () -> new AgentSettings.ReplaySettings(
                        replay.integer("capacity", defaults.replay().capacity()),
                        replay.number("priority", defaults.replay().priority())),
                defaults.replay());
        LearningPlan plan = plan(fields, target, replay, memory, defaults.plan());
        MemorySettings shared = memory(memory, defaults.memory());
        memory.end();
        replay.end();
        target.end();
        fields.end();
        fields.throwIfAny();
        return new AgentSettings(learner, plan, table, shared, normalizer);
    }

    private static LearningPlan plan(
            Fields fields, Fields target, Fields replay, Fields memory, LearningPlan defaults) {
        Rhythm before = defaults.rhythm();
        int targetEvery = target.integer("every", before.targetEvery());
        Rhythm.Count counts = target.choice("counts", before.targetCounts());
        if (targetEvery < 1) {
            target.checked(
                    () -> {
                        throw new InvalidInput("every", "is " + targetEvery + ", but must be 1 or more");
                    },
                    before);
        }
        Rhythm rhythm = fields.checked(
                () -> new Rhythm(
                        fields.integer("start", before.start()),
                        fields.integer("every", before.every()),
                        fields.integer("updates", before.updates()),
                        fields.integer("batch", before.batch()),
                        Math.max(1, targetEvery),
                        counts),
                before);
        int memoryBatch = memory.integer("batch", defaults.memoryBatch());
        int rehearsal = memory.integer("rehearsal", defaults.rehearsal());
        Schedule exploration = fields.schedule("exploration", defaults.exploration());
        Schedule correction = replay.schedule("correction", defaults.correction());
        int steps = replay.integer("steps", defaults.foldedSteps());
        return fields.checked(
                () -> new LearningPlan(
                        rhythm, exploration, correction, steps, memoryBatch, rehearsal, defaults.horizon()),
                defaults);
    }

    private static MemorySettings memory(Fields memory, MemorySettings defaults) {
        return memory.checked(
                () -> new MemorySettings(
                        memory.flag("learn", defaults.learn()),
                        memory.flag("remember", defaults.remember()),
                        memory.choice("strategy", defaults.strategy()),
                        memory.flag("own", defaults.own()),
                        memory.texts("include", defaults.include()),
                        memory.texts("exclude", defaults.exclude()),
                        memory.number("leastAgreement", defaults.leastAgreement()),
                        memory.number("leastSimilarity", defaults.leastSimilarity()),
                        memory.duration("greatestAge", defaults.greatestAge()),
                        memory.integer("held", defaults.held())),
                defaults);
    }

    private static DqnSettings dqn(Fields fields, Fields target, DqnSettings defaults) {
        return fields.checked(
                () -> new DqnSettings(
                        network(fields, defaults.network()),
                        fields.flag("double", defaults.doubleLearning()),
                        fields.flag("dueling", defaults.dueling()),
                        fields.choice("loss", defaults.loss()),
                        fields.schedule("learningRate", defaults.learningRate()),
                        fields.number("discount", defaults.discount()),
                        norm(fields, defaults.maximumNorm()),
                        target.number("blend", defaults.blend())),
                defaults);
    }

    private static SacSettings sac(Fields fields, Fields target, SacSettings defaults) {
        Fields smooth = fields.object("smooth");
        SacSettings.SmoothExploration before = defaults.smooth();
        SacSettings.SmoothExploration exploration = smooth.checked(
                () -> new SacSettings.SmoothExploration(
                        smooth.flag("used", before.used()),
                        smooth.number("logDeviation", before.logDeviation()),
                        smooth.integer("every", before.every())),
                before);
        smooth.end();
        return fields.checked(
                () -> new SacSettings(
                        network(fields, defaults.network()),
                        fields.schedule("learningRate", defaults.learningRate()),
                        fields.number("discount", defaults.discount()),
                        target.number("blend", defaults.blend()),
                        norm(fields, defaults.maximumNorm()),
                        fields.number("temperature", defaults.temperature()),
                        fields.flag("temperatureTuned", defaults.temperatureTuned()),
                        exploration),
                defaults);
    }

    private static ReinforceSettings reinforce(Fields fields, ReinforceSettings defaults) {
        Fields recurrence = fields.object("recurrence");
        Recurrence remembering = recurrence.checked(
                () -> new Recurrence(
                        recurrence.choice("kind", defaults.recurrence().kind()),
                        recurrence.integer("width", defaults.recurrence().width())),
                defaults.recurrence());
        recurrence.end();
        Fields baseline = fields.object("baseline");
        ReinforceSettings.Baseline compared = baseline.checked(
                () -> new ReinforceSettings.Baseline(
                        baseline.choice("kind", defaults.baseline().kind()),
                        baseline.schedule("learningRate", defaults.baseline().learningRate()),
                        baseline.integer("updates", defaults.baseline().updates())),
                defaults.baseline());
        baseline.end();
        return fields.checked(
                () -> new ReinforceSettings(
                        network(fields, defaults.network()),
                        remembering,
                        compared,
                        fields.schedule("learningRate", defaults.learningRate()),
                        fields.number("discount", defaults.discount()),
                        norm(fields, defaults.maximumNorm()),
                        fields.schedule("entropy", defaults.entropy()),
                        fields.flag("normalized", defaults.normalized()),
                        fields.integer("episodes", defaults.episodes()),
                        fields.integer("longest", defaults.longest()),
                        fields.number("logDeviation", defaults.logDeviation())),
                defaults);
    }

    private static double norm(Fields fields, double byDefault) {
        double norm = fields.number("gradientNorm", Double.isInfinite(byDefault) ? 0 : byDefault);
        return norm == 0 ? Double.POSITIVE_INFINITY : norm;
    }

    private static NetworkSettings network(Fields fields, NetworkSettings defaults) {
        Fields network = fields.object("network");
        NetworkSettings settings = network.checked(
                () -> new NetworkSettings(
                        network.integers("layers", defaults.layers()),
                        network.choice("activation", defaults.activation()),
                        network.number("dropout", defaults.dropout()),
                        network.choice("initialization", defaults.initialization())),
                defaults);
        network.end();
        return settings;
    }

    /** Writes all settings, so that {@link #read} gives the same ones whatever the defaults. */
    public static ObjectNode write(AgentSettings settings) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        NetworkSettings network = settings.learner().network();
        NormalizerUseJson.write(json.putObject("normalizer"), settings.normalizer());
        ObjectNode layers = json.putObject("network");
        network.layers().forEach(layers.putArray("layers")::add);
        layers.put("activation", Fields.jsonName(network.activation()))
                .put("dropout", network.dropout())
                .put("initialization", Fields.jsonName(network.initialization()));
        if (settings.learner() instanceof ReinforceSettings reinforce) {
            write(json, reinforce);
            json.putObject("memory").put("remember", settings.memory().remember());
            return json;
        }
        double blend =
                switch (settings.learner()) {
                    case DqnSettings dqn -> write(json, dqn);
                    case SacSettings sac -> write(json, sac);
                    case ReinforceSettings _ -> 1;
                };
        LearningPlan plan = settings.plan();
        json.set("exploration", write(plan.exploration()));
        Rhythm rhythm = plan.rhythm();
        json.put("start", rhythm.start())
                .put("every", rhythm.every())
                .put("updates", rhythm.updates())
                .put("batch", rhythm.batch());
        json.putObject("target")
                .put("every", rhythm.targetEvery())
                .put("counts", Fields.jsonName(rhythm.targetCounts()))
                .put("blend", blend);
        ObjectNode replay = json.putObject("replay")
                .put("capacity", settings.replay().capacity())
                .put("priority", settings.replay().priority());
        replay.set("correction", write(plan.correction()));
        replay.put("steps", plan.foldedSteps());
        write(
                json.putObject("memory").put("batch", plan.memoryBatch()).put("rehearsal", plan.rehearsal()),
                settings.memory());
        return json;
    }

    private static void write(ObjectNode json, MemorySettings settings) {
        json.put("learn", settings.learn())
                .put("remember", settings.remember())
                .put("strategy", Fields.jsonName(settings.strategy()))
                .put("own", settings.own());
        settings.include().forEach(json.putArray("include")::add);
        settings.exclude().forEach(json.putArray("exclude")::add);
        json.put("leastAgreement", settings.leastAgreement())
                .put("leastSimilarity", settings.leastSimilarity())
                .put("greatestAge", settings.greatestAge().toString())
                .put("held", settings.held());
    }

    private static double write(ObjectNode json, DqnSettings settings) {
        json.put("double", settings.doubleLearning())
                .put("dueling", settings.dueling())
                .put("loss", Fields.jsonName(settings.loss()))
                .put("discount", settings.discount());
        json.set("learningRate", write(settings.learningRate()));
        putNorm(json, settings.maximumNorm());
        return settings.blend();
    }

    private static double write(ObjectNode json, SacSettings settings) {
        json.put("discount", settings.discount())
                .put("temperature", settings.temperature())
                .put("temperatureTuned", settings.temperatureTuned());
        json.set("learningRate", write(settings.learningRate()));
        putNorm(json, settings.maximumNorm());
        json.putObject("smooth")
                .put("used", settings.smooth().used())
                .put("logDeviation", settings.smooth().logDeviation())
                .put("every", settings.smooth().every());
        return settings.blend();
    }

    private static void write(ObjectNode json, ReinforceSettings settings) {
        json.putObject("recurrence")
                .put("kind", Fields.jsonName(settings.recurrence().kind()))
                .put("width", settings.recurrence().width());
        ObjectNode baseline = json.putObject("baseline")
                .put("kind", Fields.jsonName(settings.baseline().kind()))
                .put("updates", settings.baseline().updates());
        baseline.set("learningRate", write(settings.baseline().learningRate()));
        json.set("learningRate", write(settings.learningRate()));
        json.put("discount", settings.discount());
        putNorm(json, settings.maximumNorm());
        json.set("entropy", write(settings.entropy()));
        json.put("normalized", settings.normalized())
                .put("episodes", settings.episodes())
                .put("longest", settings.longest())
                .put("logDeviation", settings.logDeviation());
    }

    /** JSON has no infinity: 0 stands for no limit. */
    private static void putNorm(ObjectNode json, double norm) {
        json.put("gradientNorm", Double.isInfinite(norm) ? 0 : norm);
    }

    private static JsonNode write(Schedule schedule) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        return switch (schedule) {
            case Schedule.Constant(double value) -> JsonNodeFactory.instance.numberNode(value);
            case Schedule.Linear(double from, double to, double until) -> put(json, "linear", from, to, until);
            case Schedule.Cosine(double from, double to, double until) -> put(json, "cosine", from, to, until);
            case Schedule.Exponential(double from, double to, double until) ->
                put(json, "exponential", from, to, until);
        };
    }

    private static ObjectNode put(ObjectNode json, String shape, double from, double to, double until) {
        return json.put("shape", shape).put("from", from).put("to", to).put("until", until);
    }
}
